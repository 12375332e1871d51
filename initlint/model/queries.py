"""Questions that several rules ask of a program's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from initlint.model.finding import call_subject
from initlint.model.program import InitCall, Layer, Program
from initlint.model.source import UNKNOWN, Call, Span


def executions(program: Program) -> Mapping[Span, tuple[InitCall, ...]]:
    """The executions of each initialising call, by the place of the call, in order of first execution.

    A call in a loop or in a function given to `apply` has one for each parameter it reached.
    """
    return program.executions


def calls_alike(program: Program) -> Iterator[tuple[Span, tuple[InitCall, ...]]]:
    """(place, executions) of each initialising call; one for each function that it calls, where that is a variable."""
    for span, group in program.executions.items():
        by_function: dict[str, list[InitCall]] = {}
        for execution in group:
            by_function.setdefault(execution.event.function, []).append(execution)
        yield from ((span, tuple(alike)) for alike in by_function.values())


def spelled_alike(program: Program) -> Iterator[tuple[Call, tuple[InitCall, ...]]]:
    """(call, executions) of each call that spells an initialising function and its arguments."""
    found: dict[tuple[Span, str], list[InitCall]] = {}
    for execution in program.calls:
        found.setdefault((execution.call.spelled.span, execution.event.function), []).append(execution)
    for group in found.values():
        yield group[0].call.spelled, tuple(group)


def argument_values(group: tuple[InitCall, ...], name: str) -> tuple[object, ...]:
    """The values torch's argument `name` took over the executions, UNKNOWN among them where one is."""
    values: list[object] = []
    for execution in group:
        value = execution.event.arguments.get(name, UNKNOWN)
        if not any(value is known or (type(value) is type(known) and value == known) for known in values):
            values.append(value)
    return tuple(values)


def layer_name(layer: Layer) -> str:
    """How a message and a baseline call a layer: `Net.fc1`."""
    return ".".join(filter(None, (layer.owner, layer.path)))


def weight_subject(layer: Layer) -> str:
    """The subject of a finding about a layer's weight: its dotted path from the root."""
    if layer.kind == "Parameter":
        return layer.full_path
    return f"{layer.full_path}.weight" if layer.full_path else "weight"


def place_of(program: Program, group: tuple[InitCall, ...]) -> str:
    """The name of the one layer a call reached, "" where it reached several or none is known."""
    names = {layer_name(program.layers[call.layer]) for call in group if call.layer is not None}
    return names.pop() if len(names) == 1 else ""


def subjects_of(group: tuple[InitCall, ...]) -> frozenset[str]:
    """The subjects of a finding about a call: the call itself and every parameter it wrote."""
    return frozenset({call_subject(group[0].call.span)} | {call.target for call in group if call.target is not None})
