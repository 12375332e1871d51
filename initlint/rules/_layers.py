"""How rules about layers speak, point and mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from keyword import iskeyword
from typing import Final

from initlint.model.change import Change, InitializeLayers, ReplaceInit
from initlint.model.finding import Applicability, Fix, Related, call_subject
from initlint.model.follow import End, Following, Reached, end_settings, end_span
from initlint.model.program import InitCall, Layer, Program
from initlint.model.queries import executions, layer_name, weight_subject
from initlint.model.runs import is_gate, is_head
from initlint.model.scale import weight_scale
from initlint.model.source import Call, Span
from initlint.model.weights import InitEvent
from initlint.signal.activations import Nonlinearity, Recommendation, bind

SCHEMES: Final = ("xavier", "kaiming", "orthogonal", "variance_scaling", "lecun")
"""How the names of functions begin that take the scale from the shape."""

_DEFAULT_S2: Final = 1 / 3
"""fan_in·E[w²] of torch's default for linear and convolution layers."""

_FILLS: Final = ("torch.nn.init.", "torch.Tensor.")


def deciding_call(layer: Layer) -> Call | None:
    """The one call that leaves the layer's weight in its final state, None where it is the constructor or several."""
    weight = layer.weight
    calls = {event.call.span: event.call for event in (weight.finals if weight else ()) if event.call is not None}
    explicit = weight is not None and all(event.explicit for event in weight.finals)
    return next(iter(calls.values())) if explicit and len(calls) == 1 else None


def place(layer: Layer) -> Span:
    """Where a finding about the layer points: the call that decides, else its constructor."""
    call = deciding_call(layer)
    return layer.site if call is None else call.span


def subjects(layers: Iterable[Layer]) -> frozenset[str]:
    """The weights of the layers, and the calls that decide them."""
    found: set[str] = set()
    for layer in layers:
        found.add(weight_subject(layer))
        call = deciding_call(layer)
        if call is not None:
            found.add(call_subject(call.span))
    return frozenset(found)


def label(layers: Sequence[Layer]) -> str:
    """The name for baselines: that of the first layer."""
    return layer_name(layers[0]) if layers else ""


def constructors(layers: Iterable[Layer], shown: int = 3) -> tuple[Related, ...]:
    """Where the first few layers are built."""
    sites = {layer.site: layer for layer in layers}
    return tuple(Related(site, f"`{layer.called}` is built here") for site, layer in list(sites.items())[:shown])


def activation_at(program: Program, reached: Reached, file: str) -> str:
    """`ReLU (line 24)`, the line only where it is in the same file as the finding."""
    nonlinearity = nonlinearity_of(program, reached)
    name = reached.name if nonlinearity is None else nonlinearity.display
    where = end_span(program, reached)
    return f"{name} (line {where.line})" if where is not None and where.file == file else name


def activation_related(program: Program, reached: Reached) -> tuple[Related, ...]:
    """The activation's place, where it is known."""
    where = end_span(program, reached)
    return () if where is None else (Related(where, "the activation that follows"),)


def nonlinearity_of(program: Program, reached: Reached) -> Nonlinearity | None:
    return bind(reached.name, end_settings(program, reached))


def recommended(program: Program, following: Following) -> Recommendation:
    """The call for a weight with this activation behind it; LeCun's scale where none follows, or one that makes a gate
    or an output, where there is no signal for its gain to keep."""
    reached = following.sole
    nonlinearity = None if reached is None else nonlinearity_of(program, reached)
    advice = None if nonlinearity is None else nonlinearity.recommendation
    node = None if reached is None else reached.node
    if nonlinearity is not None and node is not None:
        bounded = nonlinearity.family == "tanh"     # whose own scale is that of a line
        last = not bounded and is_head(program.graph, nonlinearity, node)
        advice = None if last or is_gate(program.graph, node) else advice
    return advice or Recommendation("kaiming_normal_", (("nonlinearity", "'linear'"),))


def drawn_like(advice: Recommendation, function: str) -> Recommendation:
    """The same scale from the family of distributions that `function` draws: uniform stays uniform, normal normal, and
    orthogonal orthogonal."""
    if function == "orthogonal_":
        return _as_gain(advice)
    if "uniform" in function:
        return Recommendation(advice.function.replace("normal", "uniform"), advice.arguments)
    if "normal" in function:
        return Recommendation(advice.function.replace("uniform", "normal"), advice.arguments)
    return advice


def _as_gain(advice: Recommendation) -> Recommendation:
    """The gain of a recommended call as `orthogonal_` takes it."""
    given = dict(advice.arguments)
    gain = given.get("gain")
    if "a" in given:
        gain = f"(2 / (1 + {given['a']}**2)) ** 0.5"
    elif given.get("nonlinearity") == "'relu'":
        gain = "2**0.5"
    return Recommendation("orthogonal_", (("gain", gain),) if gain else ())


def final_targets(program: Program, call: Call) -> tuple[InitCall, ...]:
    """The executions of a call whose write is still there at the end."""
    found = []
    for execution in executions(program).get(call.span, ()):
        layer = None if execution.layer is None else program.layers[execution.layer]
        kept = layer is None or any(is_event(event, execution.event) for event in _finals(layer, execution))
        if kept:
            found.append(execution)
    return tuple(found)


def is_event(event: InitEvent, other: InitEvent) -> bool:
    """Whether two records are of the same write."""
    return event is other or (
        event.order == other.order and event.call is not None and other.call is not None
        and event.call.span == other.call.span
    )


def _finals(layer: Layer, execution: InitCall) -> tuple[InitEvent, ...]:
    if execution.parameter in (None, "weight"):
        return layer.weight.finals if layer.weight is not None else ()
    if execution.parameter == "bias":
        return layer.bias.finals if layer.bias is not None else ()
    parameter = layer.parameters.get(execution.parameter or "")
    return () if parameter is None else parameter.finals


def weight_text(layer: Layer) -> str:
    """What advice passes to an initialiser: the transpose of a parameter that is used as `x @ W`, whose inputs are on
    its first axis."""
    turned = layer.kind == "Parameter" and layer.settings.get("fan_axis") == 0 and layer.settings.get("square") is False
    return "weight.t()" if turned and layer.weight is not None and layer.weight.rank == 2 else "weight"


def expression(layer: Layer) -> str:
    """The layer as its owner's methods write it: `self.net[0].fc`."""
    text = "self"
    for part in layer.path.split("."):
        text = _attribute(text, part)
    return text


def _attribute(holder: str, name: str) -> str:
    """A submodule as it is written: those of containers have numbers, some have names that Python cannot spell."""
    if name.isdigit():
        return f"{holder}[{name}]"
    return f"{holder}.{name}" if name.isidentifier() and not iskeyword(name) else f"getattr({holder}, {name!r})"


def reinitialize(program: Program, layers: Sequence[Layer], advice: Recommendation, file: str) -> Fix | None:
    """Initialise the weights of these layers as advised: calls that decide them are rewritten where that is right for
    every layer they reach, else their layers get a call of their own behind them; so do layers left at a default, but
    for those in normalised or residual code. None where neither can be done here."""
    chosen = {layer.index for layer in layers}
    plain: list[Layer] = []
    decided: dict[Span, tuple[Call, list[Layer]]] = {}
    for layer in layers:
        call = deciding_call(layer)
        if call is None:
            if not _at_default(layer) or _in_balance(program, layer):
                return None
            plain.append(layer)
        elif call.span.file != file or not _fills(call):
            return None
        else:
            decided.setdefault(call.span, (call, []))[1].append(layer)
    missing = _inserted(program, plain, advice, file)
    if missing is None:
        return None
    rewritten: list[Change] = []
    added: list[Change] = []
    places = [layer.site for layer in plain]
    apart: list[Change] | None = []         # what to do where the calls reach layers of other roots
    for call, owned in decided.values():
        like = _as_before(call, advice)
        own = _inserted(program, owned, like, file)
        apart = None if apart is None or own is None else [*apart, *own]
        if right_for_all(program, call, chosen):
            rewritten.append(ReplaceInit(call, like.function, like.texts))
            places.append(call.span)
        elif own is None:
            return None
        else:
            added += own
            places += [layer.site for layer in owned]
    given = {_as_before(call, advice) for call, _ in decided.values()} | ({advice} if plain else set())
    message = f"Initialise with `{(given.pop() if len(given) == 1 else advice).call()}`"
    changes = (*rewritten, *added, *missing)
    if not changes:
        return None
    instead = None
    if rewritten and apart is not None:
        instead = Fix(message, Applicability.UNSAFE, (*apart, *missing), tuple(layer.site for layer in layers))
    return Fix(message, Applicability.UNSAFE, changes, tuple(places), instead)


def _fills(call: Call) -> bool:
    """Whether a call writes into a tensor it is given, so that another such call can stand in its place."""
    return call.function.startswith(_FILLS) and call.short_name.endswith("_")


def reinitialize_alike(program: Program, wanted: Sequence[tuple[Layer, Recommendation]], file: str) -> Fix | None:
    """As `reinitialize`, for all layers that one place builds or initialises. None where they ask for different calls.
    """
    first = wanted[0][1]
    if any(advice != first for _, advice in wanted):
        return None
    return reinitialize(program, [layer for layer, _ in wanted], first, file)


def _as_before(call: Call, advice: Recommendation) -> Recommendation:
    """The advice in the manner of a call: its family of distributions, and the mode it had."""
    like = drawn_like(advice, call.short_name)
    mode = call.argument("mode", 2) if call.short_name.startswith("kaiming") else None
    if mode is None or not isinstance(mode.value, str) or not like.function.startswith("kaiming"):
        return like
    return Recommendation(like.function, (("mode", repr(mode.value)), *like.arguments))


def right_for_all(program: Program, call: Call, chosen: set[int]) -> bool:
    """Whether a new scale suits every tensor a call reaches: weights of the chosen layers, and of output heads but for
    those that were made smaller than torch makes them."""
    for execution in final_targets(program, call):
        if execution.layer is None or execution.parameter not in (None, "weight"):
            return False
        if execution.layer not in chosen and not _is_like(program, execution.layer, chosen):
            scale = weight_scale(program, program.layers[execution.layer])
            small = scale is not None and scale.s2 is not None and scale.s2 < _DEFAULT_S2
            if small or not _is_head(program, program.layers[execution.layer]):
                return False
    return True


def _is_like(program: Program, index: int, chosen: set[int]) -> bool:
    """Whether a layer is one of the chosen in another object of its class, and is followed by the same."""
    layer, names = program.layers[index], program.followings[index].names
    return any(
        (other.owner_file, other.owner, other.path) == (layer.owner_file, layer.owner, layer.path)
        and program.followings[other.index].names == names
        for other in (program.layers[each] for each in chosen)
    )


def _is_head(program: Program, layer: Layer) -> bool:
    """Whether the layer makes an output and nothing else, outside normalised and residual code."""
    following = program.followings[layer.index]
    outputs = following.applied > 0 and all(reached.end is End.OUTPUT for reached in following.ends)
    return outputs and not _in_balance(program, layer)


def _inserted(program: Program, layers: list[Layer], advice: Recommendation, file: str) -> list[Change] | None:
    """One insertion for each class, or for each container of it where a loop over all its modules would reach too much;
    None where a layer stands in a place that cannot be written down, or where another object of its class has a layer
    there that asks for something else."""
    by_owner: dict[tuple[str, str], dict[str, Layer]] = {}
    for layer in layers:
        if layer.owner_file != file or not layer.owner or layer.kind == "Parameter" or _differs(program, layer, layers):
            return None
        by_owner.setdefault((layer.owner_file, layer.owner), {}).setdefault(expression(layer), layer)
    statement = f"{{init}}.{advice.call('{target}.weight')}"
    changes: list[Change] = []
    for owned in by_owner.values():
        for attribute, part in _parts(program, owned).items():
            kinds = _loop_kinds(program, list(part.values()), attribute)
            wholes = [_attribute("self", attribute)] if attribute else []
            if not attribute or _loop_kinds(program, list(part.values()), ""):
                wholes.append("self")
            if not kinds and len({layer.site for layer in part.values()}) < len(part):
                return None
            first = next(iter(part.values()))
            alone = "self" in wholes and not _others(program, list(part.values()), "")
            changes.append(
                InitializeLayers(
                    first.site, tuple(part), (statement,), kinds, tuple(wholes), first.owner, alone, _written_by(first)
                )
            )
    return changes


def _differs(program: Program, layer: Layer, layers: list[Layer]) -> bool:
    """Whether in another object of its class, the same layer is followed by something else, or restored in scale."""
    names = program.followings[layer.index].names
    return any(
        program.followings[other.index].names != names or _in_balance(program, other)
        for other in program.layers
        if (other.owner_file, other.owner, other.path) == (layer.owner_file, layer.owner, layer.path)
        and other.full_path != layer.full_path and other not in layers
    )


def _written_by(layer: Layer) -> tuple[Span, ...]:
    """The calls through which the weight got what it holds, () where that is its default."""
    call = deciding_call(layer)
    if call is None or layer.weight is None:
        return ()
    return (*layer.weight.finals[0].via, call.span)


def _parts(program: Program, owned: dict[str, Layer]) -> dict[str, dict[str, Layer]]:
    """The layers of one class by the attribute whose modules a loop over them goes through: the container that holds
    them all, "" for the object itself where it holds nothing unknown, else the container of each."""
    containers: dict[str, dict[str, Layer]] = {}
    for target, layer in owned.items():
        container = layer.path.split(".")[0] if "." in layer.path else ""
        containers.setdefault(container, {})[target] = layer
    if len(containers) > 1 and _loop_kinds(program, list(owned.values()), ""):
        return {"": owned}
    return containers


def _loop_kinds(program: Program, layers: list[Layer], attribute: str) -> tuple[str, ...]:
    """The classes a loop over the modules of an attribute may test for, where what it would reach beside `layers` are
    output heads left at their default; () where it would reach others, or what is not known."""
    others = _others(program, layers, attribute)
    if others is None or not all(_is_head(program, other) and _at_default(other) for other in others):
        return ()
    return tuple(sorted({layer.kind for layer in layers}))


def _others(program: Program, layers: list[Layer], attribute: str) -> list[Layer] | None:
    """What a loop over the modules of an attribute that tests for the classes of `layers` would reach beside them, None
    where that is not known."""
    kinds = {layer.kind for layer in layers}
    chosen = {layer.full_path for layer in layers}
    first = layers[0]
    owner = first.full_path[: len(first.full_path) - len(first.path)].rstrip(".")
    top = ".".join(filter(None, (owner, attribute)))
    module = program.module_at.get(top)
    if module is None or not module.whole:
        return None
    return [
        other for other in program.layers
        if other.kind in kinds and f"{other.full_path}.".startswith(f"{top}." if top else "")
        and other.full_path not in chosen
        and not (other.owner == first.owner and any(other.path == layer.path for layer in layers))
    ]


def _in_balance(program: Program, layer: Layer) -> bool:
    """Whether something else than the weight sets the scale: a norm behind the layer, or the branch of a sum, where
    a larger weight makes the whole chain of sums grow."""
    return bool(program.followings[layer.index].norms) or layer.index in program.branch_layers


def _at_default(layer: Layer) -> bool:
    return layer.weight is not None and not any(event.explicit for event in layer.weight.finals)
