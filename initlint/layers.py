"""The layer report: what the roots saw of each layer attribute, joined."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from initlint.model.finding import Finding
from initlint.model.follow import Following, end_settings
from initlint.model.program import Layer, Program
from initlint.model.queries import layer_name, weight_subject
from initlint.model.report import ActivationRow, ChainRow, InitRow, LayerRow, Sighting
from initlint.model.source import UNKNOWN, Span
from initlint.model.survey import Standing
from initlint.model.weights import InitEvent, Parameter

Place = Callable[[Span], tuple[int, int, int, int]]
"""(line, column, end line, end column), from 1, columns in characters."""

_FREE: Final = frozenset({"normal_", "normal", "randn", "uniform_", "rand", "trunc_normal_", "trunc_normal_tf_"})
"""Draws whose standard deviation is an argument, whatever the fan."""
_ROUND: Final = 3
"""Significant digits of a number that was written rather than worked out."""
_NUMBER: Final = re.compile(r"\d+|\*")
"""A number in a path; `*` is one that is not known."""


def sightings(
    program: Program, is_project: Callable[[str], bool], findings: Sequence[Finding] = ()
) -> tuple[Sighting, ...]:
    """The layers of a root that the project's own code builds; `findings` are those about this root."""
    chains = _chains(program)
    widths = _widths(program)
    tables = {weight_subject(layer) for layer in program.layers if layer.kind != "Parameter"}
    found = []
    for layer in program.layers:
        if not is_project(layer.owner_file) or not layer.owner:
            continue
        if layer.kind == "Parameter" and weight_subject(layer) in tables:
            continue        # an embedding whose weight is used as a matrix as well is one layer
        verdicts = tuple(sorted({finding.code for finding in findings if _is_about(finding, layer)}))
        chain = chains.get(layer.index)
        found.append(_sighting(program, layer, program.followings[layer.index], chain, verdicts, widths))
    return tuple(found)


def unbuilt(layer: Standing) -> Sighting:
    """A layer that stands in the text and that no root built: nothing more is known of it."""
    return Sighting(
        owner_file=layer.site.file, owner=layer.owner, path=layer.path, site=layer.site, kind=layer.kind, root="",
        entry=False, applied=False, activations=(), activation_complete=False, norm=None, norm_before=None,
        residual=False, inits=(), init_complete=False, loaded=False, fan_in=None, fan_out=None, bias=None, chain=None,
    )  # fmt: skip


def _is_about(finding: Finding, layer: Layer) -> bool:
    names = (weight_subject(layer), *(f"{layer.full_path}.{name}" for name in layer.parameters))
    return finding.layer == layer_name(layer) or not finding.subjects.isdisjoint(names)


def _sighting(
    program: Program,
    layer: Layer,
    following: Following,
    chain: ChainRow | None,
    verdicts: tuple[str, ...],
    widths: Mapping[float, set[int | None]],
) -> Sighting:
    activations: dict[tuple[str, str], ActivationRow] = {}
    for reached in following.activations:
        settings = {k: v for k, v in end_settings(program, reached).items() if v is not UNKNOWN and _plain(v)}
        activations[reached.name, repr(sorted(settings.items()))] = ActivationRow(reached.name, settings)
    if following.complete and (not activations or any(reached.name == "none" for reached in following.ends)):
        activations["none", ""] = ActivationRow("none")
    weight = layer.weight
    inits = alone = _inits(weight, widths if program.by_default else {}) if weight is not None else ()
    if program.for_others and weight is not None:
        alone = _inits(weight, widths)
    return Sighting(
        layer.owner_file,
        layer.owner,
        layer.path,
        layer.site,
        layer.kind,
        program.root,
        program.entry,
        following.applied > 0,
        tuple(activations[key] for key in sorted(activations)),
        following.complete and program.truncated is None,
        following.norms if following.applied else None,
        following.before if following.applied else None,
        following.residual,
        inits,
        weight is not None
        and weight.known
        and program.entry
        and program.truncated is None
        and bool(inits)
        and not _is_patched(weight),
        weight is not None and weight.loaded and not weight.known,
        layer.fan_in,
        layer.fan_out,
        _bias(layer),
        chain,
        verdicts,
        alone,
    )


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str | bool | tuple) or value is None


def _widths(program: Program) -> Mapping[float, set[int | None]]:
    """The fans that each standard deviation occurs with. One that does not follow the fan is given as such, and its
    gain is then as accidental as the size: that of a default, or of the one function of many that was run."""
    found: dict[float, set[int | None]] = {}
    for layer in program.layers if program.by_default or program.for_others else ():
        for event in layer.weight.finals if layer.weight is not None else ():
            if event.distribution is not None and event.distribution.std is not None:
                found.setdefault(event.distribution.std, set()).add(layer.fan_in)
    return found


def _is_given(std: float | None, function: str, widths: Mapping[float, set[int | None]]) -> bool:
    """Whether a standard deviation is that of any width: the same for several, or a round number."""
    if std is None or std not in widths or function not in _FREE:
        return False
    return len(widths[std]) > 1 or std == float(f"{std:.{_ROUND}g}")


def _inits(weight: Parameter, widths: Mapping[float, set[int | None]]) -> tuple[InitRow, ...]:
    """One row for each way the weight may have come by its values, without gains where something unknown may have
    written it since."""
    rows: dict[tuple[object, ...], InitRow] = {}
    drawn_last = [history for history in weight.histories if history and history[-1].function != "load"]
    for history in drawn_last or filter(None, weight.histories):
        last = history[-1].distribution
        gain = last.gain if last is not None and not history[-1].partial else None
        draws = _draws(history)
        if last is not None and _is_given(last.std, draws[0].function, widths):
            gain = None
        if gain is not None and not (weight.known and math.isfinite(gain)):
            gain = None
        for drawn in draws:
            row = InitRow(
                drawn.function,
                {key: value for key, value in drawn.arguments.items() if value is not UNKNOWN and _plain(value)},
                last.kind if last is not None else None,
                gain,
                *_where(drawn),
            )
            rows[row.function, None if gain is None else round(gain, 6), row.file, row.line] = row
    return tuple(rows[key] for key in sorted(rows, key=repr))


def _draws(history: tuple[InitEvent, ...]) -> tuple[InitEvent, ...]:
    """The events that drew what a weight holds in the end: the last that drew all of it, and those that drew parts of
    it anew. Parts that were set to a number were not drawn."""
    whole, parts = _last_whole(history)
    drawn = [event for event in parts if _is_draw(event)]
    return (whole, *drawn) if whole is not None else tuple(drawn) or (history[-1],)


def _is_draw(event: InitEvent) -> bool:
    return event.function != "__setitem__" if event.part is None else event.part.constant is None


def _last_whole(history: tuple[InitEvent, ...]) -> tuple[InitEvent | None, tuple[InitEvent, ...]]:
    """The last event that drew all of a weight, and the writes to parts of it that came after."""
    whole = [at for at, event in enumerate(history) if not event.rescale and not event.partial]
    parts = tuple(event for event in history[whole[-1] + 1 if whole else 0 :] if event.partial and not event.rescale)
    return history[whole[-1]] if whole else None, parts


def _is_patched(weight: Parameter) -> bool:
    """Whether some of a weight was written anew, and it is not known which part."""
    return any(event.rows is None for history in weight.histories for event in _last_whole(history)[1])


def _where(event: InitEvent) -> tuple[str | None, int | None]:
    if event.call is None:
        return None, None
    return event.call.span.file, event.call.span.line


def _bias(layer: Layer) -> str | dict[str, object] | None:
    if layer.bias_absent:
        return "none"
    bias = layer.bias
    if bias is None or layer.bias_absent is None or not bias.complete or len(bias.histories) != 1 or not bias.finals:
        return None
    last = bias.finals[0]
    if last.distribution is not None and last.distribution.constant is not None:
        value = last.distribution.constant
        return "zero" if value == 0 else {"constant": value}
    return last.function


def _chains(program: Program) -> dict[int, ChainRow]:
    """For each layer, the run of un-normalised layers that ends in it."""
    from initlint.signal.propagation import propagate

    found: dict[int, ChainRow] = {}
    for run in program.runs:
        for piece in run.stretches():
            steps = [member.step for member in piece if member.step is not None]
            for count, member in enumerate(piece, 1):
                told = propagate(steps[:count])
                found[member.layer.index] = ChainRow(count, told.forward, told.backward)
    return found


def news(given_up: Iterable[Sighting], whole: Iterable[Sighting]) -> list[Sighting]:
    """Of what roots saw that were given up, that which roots that ran to their end do not tell."""
    told: dict[tuple[str, str, str, Span], set[object]] = {}
    for sighting in whole:
        told.setdefault(_attribute(sighting), set()).update(_said(sighting))
    return [each for each in given_up if not told.get(_attribute(each), set()) >= set(_said(each))]


def beyond(explored: Iterable[Sighting], whole: Iterable[Sighting]) -> list[Sighting]:
    """Of what roots saw that were run again, the layers that no root saw which says all that becomes of them."""
    told = {_attribute(sighting) for sighting in whole if sighting.entry}
    return [each for each in explored if each.entry and _attribute(each) not in told]


def _said(sighting: Sighting) -> Iterator[object]:
    """What a sighting says of a layer, one thing after the other."""
    yield sighting.kind
    yield from (activation.name for activation in sighting.activations)
    yield from ((init.function, init.file, init.line) for init in sighting.inits)


def _attribute(sighting: Sighting) -> tuple[str, str, str, Span]:
    return sighting.owner_file, sighting.owner, _NUMBER.sub("*", sighting.path), sighting.site


def _common_path(paths: set[str]) -> str:
    """One path for all of an attribute's, with `*` for the numbers in which they differ: `conv1d.*`."""
    numbers = zip(*map(_NUMBER.findall, paths), strict=True)
    shown = iter([each[0] if len(set(each)) == 1 else "*" for each in numbers])
    return _NUMBER.sub(lambda _: next(shown), min(paths))


def join(seen: Iterable[Sighting], place: Callable[[str], Place]) -> tuple[LayerRow, ...]:
    """One row for each layer attribute of each class, over all the roots that saw it."""
    groups: dict[tuple[str, str, str, Span], list[Sighting]] = {}
    for sighting in seen:
        groups.setdefault(_attribute(sighting), []).append(sighting)
    rows = [_row(key, group, place) for key, group in groups.items()]
    return tuple(sorted(rows, key=lambda row: (row.file, row.line, row.column, row.owner, row.path)))


def _row(
    key: tuple[str, str, str, Span],
    group: list[Sighting],
    place: Callable[[str], Place],
) -> LayerRow:
    _, owner, _, site = key
    if any(sighting.entry for sighting in group):
        group = [sighting for sighting in group if sighting.entry]
    used = [sighting for sighting in group if sighting.applied]
    activations = {repr(each): each for sighting in used for each in sighting.activations}
    fresh = [sighting for sighting in group if not sighting.loaded] or group
    complete = all(sighting.init_complete for sighting in fresh)
    only = len({(sighting.root, sighting.fan_in) for sighting in fresh}) == 1
    drawn = (each for sighting in fresh for each in (sighting.inits_alone if only else sighting.inits))
    inits = {repr(each): each for each in drawn}
    line, column, end_line, end_column = place(site.file)(site)
    biases = {repr(sighting.bias): sighting.bias for sighting in fresh}
    chains = {repr(sighting.chain): sighting.chain for sighting in used}
    return LayerRow(
        file=site.file,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        owner=owner,
        path=_common_path({sighting.path for sighting in group}),
        kind=group[0].kind,
        activations=tuple(activations[each] for each in sorted(activations)),
        # what was built, and not seen to run, may well be followed by something else
        activation_complete=len(used) == len(group) and all(s.activation_complete and s.entry for s in used),
        norm=_union([sighting.norm for sighting in used]),
        norm_before=_union([sighting.norm_before for sighting in used]),
        residual=any(sighting.residual for sighting in used),
        inits=tuple(inits[each] for each in sorted(inits)),
        init_complete=complete,
        fan_in=_agreed([sighting.fan_in for sighting in group]),
        fan_out=_agreed([sighting.fan_out for sighting in group]),
        bias=next(iter(biases.values())) if len(biases) == 1 else None,
        roots=tuple(sorted({sighting.root for sighting in group} - {""})),
        chain=next(iter(chains.values())) if len(chains) == 1 else None,
        verdicts=tuple(sorted({code for sighting in group for code in sighting.verdicts})),
    )


def _union(found: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    if not found or None in found:
        return None
    return tuple(sorted({name for names in found if names is not None for name in names}))


def _agreed(found: list[int | None]) -> int | None:
    return found[0] if len(set(found)) == 1 else None
