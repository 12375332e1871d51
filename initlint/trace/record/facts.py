"""From the objects of a finished trace to plain facts: layers, parameters, calls, the signal graph."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Final

from initlint.model.graph import Graph, Node, Role
from initlint.model.program import Layer, Module, Program
from initlint.model.source import UNKNOWN, Call, Span
from initlint.model.weights import Parameter
from initlint.signal.distribution import fans
from initlint.trace.events import told
from initlint.trace.events.scene import Scene, kind_of
from initlint.trace.machine.frames import Place
from initlint.trace.machine.values import AltV, ClassV, InstanceV, ListV, ParamV, Value, options_of
from initlint.trace.record.calls import init_calls
from initlint.trace.record.recorder import RawNode, Recorder
from initlint.trace.torch.calls import written_call
from initlint.trace.torch.contractions import contraction, is_square
from initlint.trace.torch.spreads import fan_ratio, known_shape
from initlint.trace.torch.tensors import plain
from initlint.trace.torch.tree import VOCABULARY_FILE, children, hides_modules, is_module, torch_class
from initlint.trace.vocabulary.functions import FUNCTIONS
from initlint.trace.vocabulary.spec import ModuleSpec

_TABLES: Final = frozenset({"Embedding", "EmbeddingBag"})
"""Layers that look rows up: as the weight of a product the same tensor is a layer of its own."""


class _Tree:
    """The modules a root built, with the paths by which its owner and the root reach them."""

    def __init__(self, tops: list[InstanceV]) -> None:
        self.seen: dict[int, str] = {}
        self.sequences: set[int] = set()
        self.modules: list[tuple[str, InstanceV]] = []
        self.layers: list[tuple[InstanceV, str, str, InstanceV]] = []
        self.parameters: dict[int, tuple[str, InstanceV, str]] = {}
        self.owners: dict[int, tuple[InstanceV, str]] = {}
        for number, top in enumerate(tops):
            prefix = "" if len(tops) == 1 else f"<{number}>"
            self._visit(top, prefix, top, "")

    def _visit(self, instance: InstanceV, path: str, owner: InstanceV, inner: str) -> None:
        if id(instance) in self.seen:
            return
        self.seen[id(instance)] = path
        self.modules.append((path, instance))
        cls = torch_class(instance.cls)
        spec = cls.spec if cls is not None else None
        if isinstance(spec, ModuleSpec) and spec.role in (Role.LAYER, Role.RECURRENT, Role.EMBEDDING, Role.ATTENTION):
            self.layers.append((instance, path, inner, owner))
        if isinstance(instance.cls, ClassV) and not (
            isinstance(spec, ModuleSpec) and spec.role is Role.LAYER and instance is not owner
        ):
            owner, inner = instance, ""
        # A name that torch knows goes before one in a plain list, where a module may stand as well.
        for name, value in sorted(instance.attrs.items(), key=lambda attribute: type(attribute[1]) in (ListV, tuple)):
            self._member(str(name), value, path, owner, inner, instance)     # facts are plain, a name may be `Nameless`

    def _member(self, name: str, value: Value, path: str, owner: InstanceV, inner: str, holder: InstanceV) -> None:
        full = f"{path}.{name}" if path else name
        own = f"{inner}.{name}" if inner else name
        for option in options_of(value):
            if isinstance(option, ParamV):
                self.parameters.setdefault(id(option), (full, holder, name))
                self.owners.setdefault(id(option), (owner, own))
            elif type(option) is InstanceV and is_module(option):
                self._visit(option, full, owner, own)
            elif type(option) in (ListV, tuple) and id(option) not in self.sequences:
                self.sequences.add(id(option))
                items = option.items if type(option) is ListV else option
                for index, item in enumerate(items):
                    if type(item) in (InstanceV, ListV, tuple, AltV):
                        self._member(str(index), item, full, owner, own, holder)


def program_of(
    recorder: Recorder,
    tops: list[InstanceV],
    outputs: list[int],
    name: str,
    span: Span,
    entry: bool,
    truncated: str | None,
) -> Program | None:
    """The facts of the root that the recorder has just run."""
    tree = _Tree(tops)
    if not tree.layers and not recorder.writes and not recorder.nodes:
        return None
    layers: list[Layer] = []
    by_weight: dict[int, int] = {}
    by_instance: dict[int, int] = {}
    for instance, path, inner, owner in tree.layers:
        layer = _layer(len(layers), instance, path, inner, owner)
        by_instance[id(instance)] = layer.index
        for attribute in ("weight", "in_proj_weight", "weight_ih_l0", "weight_ih"):
            for option in options_of(instance.attrs.get(attribute)):
                if isinstance(option, ParamV):
                    by_weight.setdefault(id(option), layer.index)
        layers.append(layer)
    by_use = dict(by_weight)
    for raw in recorder.nodes:
        weight = raw.weight
        if weight is None or id(weight) not in tree.parameters or raw.owner is not None:
            continue
        known = by_use.get(id(weight))
        if known is None or (raw.role is Role.LAYER and layers[known].kind in _TABLES):
            layer = _parameter_layer(len(layers), raw, tree, None if known is None else layers[known])
            by_use[id(weight)] = layer.index
            by_weight.setdefault(id(weight), layer.index)
            layers.append(layer)
    nodes = tuple(_node(raw, tree, by_use, by_instance) for raw in recorder.nodes)
    graph = _without_dead_ends(Graph(nodes, tuple(dict.fromkeys(outputs))))
    whole: dict[int, bool] = {}
    modules = tuple(
        Module(path, kind_of(instance), torch_class(instance.cls) is not None and not isinstance(instance.cls, ClassV),
               _site(instance.born, None), _parameters(instance), _settings(instance), _is_whole(instance, whole))
        for path, instance in tree.modules
    )
    scene = Scene(recorder, tuple(tree.modules), tree.seen, tree.parameters, recorder.interpreter.project.tree)
    bare = {layer.index for layer in layers if layer.kind == "Parameter"}
    calls = tuple(init_calls(scene, recorder.writes, by_weight, bare))
    events = tuple(told(recorder.events, scene))
    return Program(name, span, entry, tuple(layers), modules, calls, events, graph, truncated)


def _is_whole(instance: InstanceV, known: dict[int, bool]) -> bool:
    """Whether no attribute of a module, or of one below it, can hold a module that the trace does not know. What is
    `known` of modules, by identity, is added to."""
    found = known.get(id(instance))
    if found is None:
        known[id(instance)] = True      # a module below itself adds nothing
        found = known[id(instance)] = _holds_what_is_known(instance) and all(
            _is_whole(child, known) for _, child in children(instance)
        )
    return found


def _holds_what_is_known(module: InstanceV) -> bool:
    if module.state.get("opaque") or torch_class(module.cls) is None:
        return False
    if isinstance(module.cls, ClassV) and module.cls.is_open:
        return False
    return not hides_modules(module)


def _settings(instance: InstanceV) -> dict[str, object]:
    return {name: plain(value) for name, value in instance.settings.items() if name not in ("device", "dtype")}


def _parameters(instance: InstanceV) -> dict[str, Parameter]:
    found = {}
    for name, value in instance.attrs.items():
        if isinstance(value, ParamV):
            found[name] = _parameter(name, value)
        elif type(value) is AltV:
            for option in value.options:
                if isinstance(option, ParamV):
                    found[name] = _parameter(name, option)
    return found


def _parameter(name: str, raw: ParamV) -> Parameter:
    made = raw.made
    if made is None or made.name != name:
        made = raw.made = _make_parameter(name, raw)
    return made


def _make_parameter(name: str, raw: ParamV) -> Parameter:
    state = raw.state
    histories = state["histories"]
    reparametrized = state.get("reparametrized")
    loaded = state.get("loaded", False)
    return Parameter(
        name,
        known_shape(raw.shape),
        histories,
        raw.is_complete and not loaded,
        bool(state["trainable"]),
        str(reparametrized).rpartition(".")[2] if reparametrized else None,
        bool(loaded),
        _site((raw.facts or {}).get("born"), None),
        restored=state.get("restored") is True,
        known=raw.is_complete and any(history and history[-1].function != "load" for history in histories),
    )


def _site(born: Place | None, file: str | None, files: Container[str] = ()) -> Span | None:
    """The innermost call in the owner's file that does not merely hand its arguments on to an inherited constructor,
    else the innermost in the files of the classes it derives from, else the innermost in the project."""
    first: Place | None = None
    inherited: Place | None = None
    for place in born.chain() if born is not None else ():
        if place.file in (VOCABULARY_FILE, ""):
            continue
        if place.file == file and isinstance(place.node, ast.Call) and not _hands_on(place.node):
            return place.span
        first = first or place
        if inherited is None and place.file in files:
            inherited = place
    found = inherited or first
    return found.span if found is not None else None


def _hands_on(node: ast.AST) -> bool:
    """`super().__init__(*args, **kwargs)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "__init__"
        and any(keyword.arg is None for keyword in node.keywords)
    )


def _files(cls: Value) -> frozenset[str]:
    """Where the methods that a class defines or inherits stand."""
    return frozenset(each.module.file for each in getattr(cls, "mro", ()) if isinstance(each, ClassV))


def _layer(index: int, instance: InstanceV, path: str, inner: str, owner: InstanceV) -> Layer:
    cls = torch_class(instance.cls)
    kind = cls.spec.name if cls is not None else "?"
    owner_cls = owner.cls
    from_vocabulary = isinstance(owner_cls, ClassV) and bool(owner_cls.traits.get("vocabulary"))
    born_in = instance.born.file if instance.born else ""
    owner_file = owner_cls.module.file if isinstance(owner_cls, ClassV) else born_in
    site = _site(instance.born, owner_file, _files(owner_cls))
    built_by_torch = instance.born is None or instance.born.file == VOCABULARY_FILE
    if from_vocabulary or built_by_torch:
        owner_file = VOCABULARY_FILE
    owner_name = owner_cls.qualname if isinstance(owner_cls, ClassV) else ""
    settings = _settings(instance)
    weight_raw = instance.attrs.get("weight")
    bias_raw = next((found for name in _BIASES if _is_weight(found := instance.attrs.get(name))), None)
    weight = _first_parameter("weight", weight_raw)
    bias = _first_parameter("bias", bias_raw)
    parameters = _parameters(instance)
    shape = weight.shape if weight is not None else None
    fan_in, fan_out = fans(shape) if shape is not None and len(shape) >= 2 else (None, None)
    options = list(options_of(bias_raw))
    absent = None if len(options) > 1 else (not isinstance(options[0], ParamV))
    raw = next((option for option in options_of(weight_raw) if isinstance(option, ParamV)), None)
    call: Call | None = None
    born = instance.born
    if born is not None and isinstance(born.node, ast.Call):
        call = written_call(born.file, born.node, f"torch.nn.{kind}", born.scope)
    return Layer(
        index, kind, owner_name, owner_file, inner, path,
        site or Span(owner_file, 1, 0, 1, 0), call, settings, weight, bias, absent, parameters,
        fan_in, fan_out, _true_fan_in(kind, settings, fan_in, shape), fan_ratio(raw.shape) if raw is not None else None,
        next((span for span in options_of(instance.state.get("tied")) if isinstance(span, Span)), None),
    )


_BIASES: Final = ("bias", "in_proj_bias", "bias_ih_l0")
"""What the first bias of torch's layers is called."""


def _is_weight(value: Value) -> bool:
    return any(isinstance(option, ParamV) for option in options_of(value))


def _first_parameter(name: str, value: Value) -> Parameter | None:
    for option in options_of(value):
        if isinstance(option, ParamV):
            return _parameter(name, option)
    return None


def _true_fan_in(
    kind: str, settings: dict[str, object], fan_in: int | None, shape: tuple[int | None, ...] | None
) -> int | None:
    """How many inputs add up to one output."""
    if not kind.startswith("ConvTranspose"):
        return fan_in
    if shape is None or any(size is None for size in shape):
        return None
    groups, stride = settings.get("groups"), settings.get("stride")
    if not isinstance(groups, int) or not groups:
        return None
    area = 1
    for size in shape[2:]:
        area *= size or 1
    strides = stride if isinstance(stride, tuple) else (stride,) * (len(shape) - 2)
    step = 1
    for each in strides:
        if not isinstance(each, int):
            return None
        step *= each
    return max(1, (shape[0] or 0) // groups * area // step)


def _parameter_layer(index: int, raw: RawNode, tree: _Tree, table: Layer | None) -> Layer:
    """A parameter used as a weight in its own right, that of a `table` of rows perhaps."""
    weight = raw.weight
    assert weight is not None
    full, _, name = tree.parameters[id(weight)]
    owner, inner = tree.owners[id(weight)]
    owner_cls = owner.cls
    owner_file = owner_cls.module.file if isinstance(owner_cls, ClassV) else ""
    site = _site((weight.facts or {}).get("born"), owner_file, _files(owner_cls)) or (
        Span(owner_file, 1, 0, 1, 0) if table is None else table.site
    )
    parameter = _parameter(name, weight)
    shape = parameter.shape
    fan_in, fan_out = fans(shape) if shape is not None and len(shape) >= 2 else (None, None)
    used = contraction(raw.name, raw.settings, None if shape is None else len(shape))
    true_fan = fan_in if used.is_understood else None
    if used.summed and shape is not None:
        true_fan = _product(shape[axis] for axis in used.summed)
    settings = {
        **raw.settings, "use": used.use, "summed": used.summed, "fan_axis": used.fan_axis,
        "batch_axes": used.batch_axes, "square": is_square(weight.shape), "features": used.features,
    }
    return Layer(
        index, "Parameter", owner_cls.qualname if isinstance(owner_cls, ClassV) else "", owner_file, inner, full, site,
        None, settings, parameter, None, True, {name: parameter}, fan_in, fan_out, true_fan,
        fan_ratio(weight.shape), raw.place.span if raw.place is not None else None,
    )


def _product(sizes: Iterable[int | None]) -> int | None:
    """The product of sizes, None where one is not known."""
    found = 1
    for size in sizes:
        if size is None:
            return None
        found *= size
    return found


def _node(raw: RawNode, tree: _Tree, by_weight: dict[int, int], by_instance: dict[int, int]) -> Node:
    layer: int | None = None
    if raw.owner is not None:
        layer = by_instance.get(id(raw.owner))
    if layer is None and raw.weight is not None:
        layer = by_weight.get(id(raw.weight))
    module = tree.seen.get(id(raw.owner), "") if raw.owner is not None else ""
    names = tuple(tree.parameters[id(p)][0] for p in raw.params if id(p) in tree.parameters)
    place = raw.place
    span = place.span if place is not None and place.file != VOCABULARY_FILE else None
    if raw.role is Role.ACTIVATION and raw.owner is not None:
        span = _site(raw.owner.born, None) or span
    return Node(raw.role, raw.name, raw.inputs, span, layer, module, raw.settings, names)


_PICKS: Final = frozenset(name for name, spec in FUNCTIONS.items() if spec.result == "indices")


def _without_dead_ends(graph: Graph) -> Graph:
    """Unknown calls whose result goes nowhere only looked at the signal, and so did `argmax` where the signal goes on
    elsewhere."""
    dead = {
        index
        for index, node in enumerate(graph.nodes)
        if node.role is Role.UNKNOWN and not graph.consumers[index] and index not in graph.outputs
    }
    picks = {index for index, node in enumerate(graph.nodes) if node.role is Role.LOSS and node.name in _PICKS}
    beside = picks | dead
    dead |= {
        index for index in picks
        if all(at in graph.outputs or set(graph.consumers[at]) - beside for at in graph.nodes[index].inputs)
    }
    if not dead:
        return graph
    nodes = tuple(
        replace(node, inputs=()) if index in dead else node for index, node in enumerate(graph.nodes)
    )
    return Graph(nodes, graph.outputs)


__all__ = ["UNKNOWN", "program_of"]
