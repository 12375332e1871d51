"""Operations on symbolic tensors: each becomes a node of the signal graph as the vocabulary says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from initlint.model.graph import Role
from initlint.model.source import UNKNOWN
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    DictV,
    ListV,
    ParamV,
    SymbolV,
    TensorV,
    UnknownV,
    Value,
    is_constant,
    mark_of,
    options_of,
)
from initlint.trace.python.symbols import product
from initlint.trace.torch import choices, rows, training
from initlint.trace.torch.functional import layer, weighted
from initlint.trace.torch.stretch import is_all, rows_of
from initlint.trace.torch.views import (
    COPIES,
    VIEWS,
    carry_source,
    detached,
    fill_constant,
    note_view,
    on_constants,
    parameter_of,
    shape_of,
    view,
)
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.functions import FUNCTIONS, OPERATORS
from initlint.trace.vocabulary.initializers import FACTORIES, FILLS
from initlint.trace.vocabulary.packages.torch_helpers import DEFAULT_DEVICE
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, parameters_of
from initlint.trace.vocabulary.spec import (
    PREFIXES,
    TENSOR,
    Extra,
    FactorySpec,
    FillSpec,
    FunctionSpec,
)

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Kwargs
    from initlint.trace.record.recorder import Recorder

_STARTS: Final = frozenset({"draw", "constant", "copy"})
"""Kinds of writes that start a tensor anew."""
_OF_DICTS: Final = frozenset({"items", "keys", "values"})
"""Methods that arguments have which are dictionaries of tensors; a sparse tensor's `values()` are signals as well."""
NEVER: Final = frozenset(
    {"is_quantized", "is_sparse", "is_sparse_csr", "is_nested", "is_mkldnn", "is_meta", "is_vulkan"}
)
"""What the tensors that models are built of and run on are not."""


def plain(value: Value) -> object:
    """A value as facts keep it: a constant, a tuple of them, or UNKNOWN."""
    if is_constant(value):
        return value
    if type(value) is tuple:
        return tuple(plain(part) for part in value)
    if type(value) is ListV and not value.is_open:
        return tuple(plain(part) for part in value.items)
    return UNKNOWN


def part(recorder: Recorder, tensor: TensorV, frame: Frame) -> Value:
    """One of the pieces of a tensor that is unpacked or iterated over."""
    source = None if recorder.running_forward else parameter_of(tensor)
    if source is not None:
        piece = TensorV(None, tensor.shape[1:] if tensor.shape else None, None, source, "partial")
        piece.detached = tensor.detached
        return piece
    if tensor.node is None and not isinstance(tensor, ParamV):
        piece = TensorV(None)
        note_view(piece, tensor, whole=False)
        return piece
    return recorder.emit(Role.PASS, "getitem", [recorder.source(tensor, frame)], frame)


def operator(
    recorder: Recorder, kind: type, left: Value, right: Value, frame: Frame, node: ast.AST, inplace: bool
) -> Value:
    """`left <operator> right` where one is a tensor."""
    name = OPERATORS.get(kind.__name__, "add")
    spec = FUNCTIONS[name]
    if not (recorder.is_signal(left) or recorder.is_signal(right)):
        counted = rows.arithmetic(kind, left, right)
        if counted is not None:
            return counted
    if inplace and parameter_of(left) is not None and not recorder.running_forward:
        fill = FILLS.get(f"{name}_")
        if fill is not None:
            frame.site = node
            recorder.fill(left, f"{name}_", fill, [right], {}, frame)
            return left
    return _combine(recorder, spec, name, left, right, frame, node)


def _combine(
    recorder: Recorder, spec: FunctionSpec, name: str, left: Value, right: Value, frame: Frame, node: ast.AST | None
) -> Value:
    left_tensor, right_tensor = _is_tensor(left), _is_tensor(right)
    if left_tensor and right_tensor:
        return _apply(recorder, FUNCTIONS.get(spec.binary or "", spec), name, [left, right], {}, frame, node)
    tensor, other = (left, right) if left_tensor else (right, left)
    if not recorder.is_signal(tensor) and not isinstance(tensor, ParamV):
        return _constant_arithmetic(recorder, name, tensor, other, left_tensor)
    if isinstance(other, UnknownV) and not isinstance(other, SymbolV) and _unknown_may_be_signal(other):
        return _apply(recorder, spec, name, [left, right], {}, frame, node)
    key = "exponent" if name == "pow" else "other"
    return _pass(recorder, name, tensor, {key: plain(other)}, frame, node)


def _unknown_may_be_signal(value: UnknownV) -> bool:
    return value.reason.startswith("signal:")


def _is_tensor(value: Value) -> bool:
    return any(isinstance(option, TensorV) for option in options_of(value))


def _constant_arithmetic(recorder: Recorder, name: str, tensor: TensorV, number: Value, tensor_first: bool) -> TensorV:
    """Arithmetic on a tensor that no signal flows through: a factory's result times a number."""
    from initlint.trace.torch.factories import rescaled_history

    history = rescaled_history(tensor.history, name, number, tensor_first)
    return TensorV(None, tensor.shape, history, tensor.source, "derived" if tensor.source is not None else "")


def _pass(
    recorder: Recorder, name: str, tensor: Value, settings: dict[str, Any], frame: Frame, node: ast.AST | None
) -> Value:
    result = recorder.emit(Role.PASS, name, [recorder.source(tensor, frame)], frame, node, settings=settings)
    carry_source(tensor, result, "derived")
    return result


def unary(recorder: Recorder, value: TensorV, name: str, frame: Frame, node: ast.AST) -> Value:
    """`-value`."""
    if value.node is None and not isinstance(value, ParamV):
        return _constant_arithmetic(recorder, "mul", value, -1, True)
    return _pass(recorder, name, value, {}, frame, node)


def indexed(recorder: Recorder, tensor: TensorV, index: Value, frame: Frame, node: ast.AST) -> Value:
    """`tensor[index]`."""
    whole = is_all(index)
    if tensor.node is None and not isinstance(tensor, ParamV):
        entry = rows.item(tensor, index)
        if entry is not None:
            return entry
        result = TensorV(None, None, None, tensor.source, "partial" if tensor.source is not None else "")
        result.detached = tensor.detached
        if tensor.link == "view":
            result.facts = {"rows": rows_of(tensor, index)}
        note_view(result, tensor, whole=whole)
        return result
    result = recorder.emit(
        Role.PASS, "getitem", [recorder.source(tensor, frame)], frame, node,
        settings={"index": _index(index), "picks": _picks_matrices(tensor, index)},
    )
    if isinstance(tensor, ParamV):
        result.source, result.link = tensor, "view" if whole else "partial"
        result.facts = {"rows": rows_of(tensor, index)}
    elif tensor.source is not None:
        result.source, result.link = tensor.source, tensor.link if whole else "partial"
        result.detached = tensor.detached
    if tensor.shape and isinstance(index, int):
        result.shape = tensor.shape[1:]
    return result


def _picks_matrices(tensor: Value, index: Value) -> bool:
    """Whether an index picks from a stack of matrices, and leaves these as they are."""
    rank = len(tensor.shape) if isinstance(tensor, ParamV) and tensor.shape is not None else 0
    return rank > 2 and (isinstance(index, int) or (type(index) is TensorV and rank == 3))


def _index(index: Value) -> object:
    if isinstance(index, slice):
        return tuple(plain(each) for each in (index.start, index.stop, index.step))
    return plain(index)


def assign_item(
    recorder: Recorder, tensor: TensorV, index: Value, new: Value, frame: Frame, node: ast.AST
) -> None:
    """`tensor[index] = new`."""
    target = tensor if isinstance(tensor, ParamV) else tensor.source
    if target is not None and not recorder.running_forward:
        from initlint.trace.torch.init import write_item

        write_item(recorder, tensor, target, index, new, frame, node)
        return
    if recorder.is_signal(new):
        inputs = [recorder.source(tensor, frame), recorder.source(new, frame)]
        tensor.node = recorder.emit(Role.CONCAT, "setitem", inputs, frame, node).node
    elif tensor.node is None:
        made, _ = fill_constant(tensor, new.history if is_all(index) and isinstance(new, TensorV) else None)
        recorder.escape(made)


def attribute(recorder: Recorder, tensor: TensorV, name: str, frame: Frame, node: ast.AST | None) -> Value:
    """`tensor.name`."""
    if name in ("data", "detach_"):
        return view(recorder, tensor, "data")
    if name == "shape":
        return shape_of(tensor)
    if name in ("ndim",):
        return len(tensor.shape) if tensor.shape is not None else UnknownV("rank not known")
    if name in ("T", "mT", "H", "mH", "real"):
        return view(recorder, tensor, name, frame, node)
    if name == "requires_grad":
        return tensor.state.get("trainable", True) if isinstance(tensor, ParamV) else UnknownV("requires_grad")
    if name == "device" and _is_made_anywhere(tensor):
        return DEFAULT_DEVICE
    if name in ("dtype", "device", "is_cuda", "layout", "grad", "is_leaf", "grad_fn", "requires_grad", "itemsize"):
        return UnknownV(f"{name} of a tensor")
    spec = lookup(f"torch.Tensor.{name}")
    if spec is None:
        if isinstance(tensor, ParamV) and mark_of(name) in tensor.state:
            return tensor.state[mark_of(name)]
        if recorder.is_signal(tensor):
            return _part_or_unknown(recorder, tensor, name, frame)
        if name.endswith("_") and not name.startswith("_") and parameter_of(tensor) is not None:
            return BuiltinV(name, lambda machine, args, kwargs: _written_somehow(machine.recorder, tensor))
        return UnknownV(f"attribute {name} of a tensor")
    if isinstance(spec, FunctionSpec) and spec.attribute:
        return False if name in NEVER else call_method(recorder, tensor, name, [], {}, frame)
    return BuiltinV(
        f"torch.Tensor.{name}",
        lambda machine, args, kwargs: call_method(machine.recorder, tensor, name, args, kwargs, machine.frame),
    )


def _is_made_anywhere(tensor: TensorV) -> bool:
    """Whether a tensor was just made, on no particular device."""
    if tensor.node is not None or isinstance(tensor, ParamV) or not tensor.history:
        return False
    return tensor.history[0].function in FACTORIES and tensor.history[0].arguments.get("device", UNKNOWN) is None


def _entries(recorder: Recorder, argument: str, method: str) -> ListV:
    """`features.items()` of an argument that turns out to be a dictionary of signals: at least one entry."""
    key = UnknownV("key of an argument")
    if method == "keys":
        return ListV([key], True)
    signal = recorder.emit(Role.INPUT, f"{argument}[...]", ())
    return ListV([signal if method == "values" else (key, signal)], True)


def _part_or_unknown(recorder: Recorder, tensor: TensorV, name: str, frame: Frame) -> Value:
    """An attribute tensors do not have: what was taken for a tensor is an object that holds some. An argument
    of the root gives other arguments, or is a dictionary of such; anything else is not known."""
    seen = recorder.nodes[tensor.node or 0]
    if seen.role is Role.INPUT and name in _OF_DICTS:
        return BuiltinV(f"dict.{name}", lambda machine, args, kwargs: _entries(machine.recorder, seen.name, name))
    if seen.role is Role.INPUT:
        return recorder.emit(Role.INPUT, f"{seen.name}.{name}", (), frame)
    return recorder.emit(Role.UNKNOWN, f"attribute {name} of a tensor", [recorder.source(tensor, frame)], frame)


def call_method(
    recorder: Recorder, tensor: TensorV, name: str, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`tensor.name(*args, **kwargs)`."""
    if tensor.facts and tensor.node is None:
        answered = rows.method(tensor, name, args, kwargs)
        if answered is not None:
            return answered
    if name in training.BACKWARD:
        training.begin(recorder)
    is_weight = isinstance(tensor, ParamV) or tensor.source is not None
    fill = FILLS.get(name)
    if fill is not None and (not recorder.is_signal(tensor) or (is_weight and not recorder.running_forward)):
        takes_in = recorder.running_forward and not is_weight
        if not (takes_in and any(map(recorder.is_signal, (*args, *kwargs.values())))):
            return recorder.fill(tensor, name, fill, args, kwargs, frame)
    if fill is not None and is_weight and fill.kind in _STARTS and tensor.link != "derived":
        recorder.escape(parameter_of(tensor))      # the forward pass initialises it, from what it is given first
    if name == "requires_grad_" or name == "detach_":
        if isinstance(tensor, ParamV) and name == "requires_grad_":
            from initlint.trace.torch.init import require_grad

            require_grad(recorder, tensor, args[0] if args else kwargs.get("requires_grad", True))
        return tensor
    source = parameter_of(tensor)
    if name == "numpy" and source is not None and tensor.link in ("", "view") and not recorder.running_forward:
        return detached(source)
    if name in ("size", "dim", "ndimension", "numel", "nelement"):
        return _measure(tensor, name, args, kwargs)
    spec = lookup(f"torch.Tensor.{name}")
    if isinstance(spec, FunctionSpec):
        return function(recorder, f"torch.Tensor.{name}", spec, [tensor, *args], kwargs, frame)
    if isinstance(spec, FactorySpec):
        return recorder.factory(f"torch.Tensor.{name}", spec, [tensor, *args], kwargs, frame)
    if fill is not None:
        return _refilled(recorder, fill, [tensor, *args], kwargs, frame)
    return recorder.unknown_call(f"Tensor.{name} is not followed", [tensor, *args], kwargs, frame)


def _written_over(recorder: Recorder, tensor: Value, result: Value) -> None:
    """`x.add_(y)`: the signal itself becomes the result, on this path at least. A tensor that was none becomes one."""
    if type(tensor) is not TensorV or not isinstance(result, TensorV) or result.node is None:
        return
    if tensor.node is None and tensor.source is not None:
        return
    either = [tensor, result] if tensor.node is not None and recorder.interpreter.heap.branching else [result]
    tensor.node = recorder.either(either).node


def _written_somehow(recorder: Recorder, tensor: TensorV) -> TensorV:
    """`weight.set_(...)`: a method in place that is not followed."""
    if not recorder.running_forward:
        recorder.escape(tensor)
    return tensor


def _refilled(recorder: Recorder, fill: FillSpec, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """A signal written over in place: constants and draws end it, `copy_` puts another in its place."""
    if fill.kind == "copy":
        other = args[1] if len(args) > 1 else kwargs.get("other", TensorV(None))
        _written_over(recorder, args[0], other)
        return other
    if fill.kind in ("draw", "constant"):
        return TensorV(None)
    return recorder.unknown_call(f"Tensor.{fill.name} is not followed", args, kwargs, frame)


def _measure(tensor: TensorV, name: str, args: Args, kwargs: Kwargs) -> Value:
    shape = tensor.shape
    if name in ("dim", "ndimension"):
        return len(shape) if shape is not None else UnknownV("rank not known")
    if name == "size":
        index = args[0] if args else kwargs.get("dim")
        if index is None:
            return shape_of(tensor)
        if shape is not None and isinstance(index, int) and -len(shape) <= index < len(shape):
            found = shape[index]
            return UnknownV("size not known") if found is None else found
        return UnknownV("size not known")
    return UnknownV("size not known") if shape is None else product(shape)


def function(
    recorder: Recorder, name: str, spec: FunctionSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """A function of torch on tensors, however it is called."""
    surface = _surface(name)
    answered = rows.function(spec.name, args, kwargs)
    if answered is not None:
        return answered
    bound = _bind(spec.signature_on(surface), args, kwargs, method=surface == TENSOR)
    added = None if spec.added is None else bound.pop(spec.added, None)
    result = _apply(recorder, spec, spec.name, None, bound, frame, None)
    if spec.inplace and args:
        _written_over(recorder, args[0], result)
    if added is None or frame.site is None:
        return result
    return operator(recorder, ast.Add, added, result, frame, frame.site, inplace=False)


_SURFACES: Final = {prefix: surface for surface, prefix in PREFIXES.items()}


def _surface(name: str) -> str:
    return _SURFACES.get(name.rpartition(".")[0], "torch")


def _bind(signature: str, args: Args, kwargs: Kwargs, method: bool) -> dict[str, Value]:
    """Arguments by name, leniently: what does not fit is left out."""
    bound: dict[str, Value] = {}
    positional = list(args)
    for index, parameter in enumerate(parameters_of(signature)):
        if parameter.kind is Kind.ARGUMENTS:
            bound[parameter.name] = tuple(positional)
            positional = []
        elif parameter.kind is Kind.POSITIONAL and positional:
            bound[parameter.name] = positional.pop(0)
        elif parameter.name in kwargs:
            bound[parameter.name] = kwargs[parameter.name]
        elif parameter.default is not REQUIRED and parameter.kind is not Kind.KEYWORDS:
            bound.setdefault(parameter.name, parameter.default)
        if index == 0 and not bound and method and positional:
            bound["self"] = positional.pop(0)
    for key, value in kwargs.items():
        bound.setdefault(key, value)
    return bound


def _gather(spec: FunctionSpec, bound: dict[str, Value], recorder: Recorder) -> list[Value]:
    """The signals among a call's arguments, those inside sequences included."""
    found: list[Value] = []
    for name in spec.signals:
        star = name.startswith("*")
        value = bound.get(name.lstrip("*"))
        if value is None:
            continue
        if star or not isinstance(value, TensorV | AltV):
            inner = recorder.tensors_in(value)
            if inner:
                found.extend(inner)
            elif isinstance(value, UnknownV):
                found.append(value)
            elif isinstance(value, ListV | tuple):
                parts = value.items if isinstance(value, ListV) else value
                found.extend(item for item in parts if isinstance(item, UnknownV))
            elif isinstance(value, DictV):
                found.extend(item for item in value.entries.values() if isinstance(item, UnknownV))
        else:
            found.append(value)
    if not found and "self" in bound:
        found.append(bound["self"])
    return found


def _apply(
    recorder: Recorder,
    spec: FunctionSpec,
    name: str,
    operands: list[Value] | None,
    bound: dict[str, Value],
    frame: Frame,
    node: ast.AST | None,
) -> Value:
    signals = _gather(spec, bound, recorder) if operands is None else operands
    role = spec.role
    if role is Extra.QUERY:
        return _query(recorder, spec, bound, signals, frame, node)
    if operands is None and spec.binary and len(signals) == 1 and "other" in bound and _is_tensor(bound["other"]):
        spec = FUNCTIONS[spec.binary]
        signals = [*signals, bound["other"]]
        role = spec.role
    if spec.name == "where":
        signs, chosen, otherwise = (bound.get(part) for part in ("condition", "input", "other"))
        activation = choices.spelled(recorder, signs, chosen, otherwise, frame, node)
        if activation is not None:
            return activation
    weight = bound.get(spec.weight) if spec.weight else None
    live = [value for value in signals if recorder.is_signal(value)]
    parameters = [value for value in signals if parameter_of(value) is not None]
    unknown = [value for value in signals if isinstance(value, UnknownV)]
    if not live and not unknown and not (parameters and recorder.running_forward):
        return on_constants(recorder, spec, name, signals, bound)
    if not live and unknown and not recorder.running_forward:
        return UnknownV("tensor not known")
    settings = {key: plain(bound[key]) for key in spec.settings if key in bound}
    if role is Role.LAYER and weight is None:
        role = Role.MATMUL
    if spec.name == "einsum" and len(signals) == 1:
        role = Role.PASS                # axes moved, or summed
    if (
        role is Role.MATMUL and spec.family != "distance" and len(parameters) == 1 and live and len(signals) >= 2
    ):
        return weighted(recorder, name, signals, parameters[0], settings, frame, node)
    if role is Role.LAYER:
        return layer(recorder, spec, name, signals, weight, bound, settings, frame, node)
    if operands is None and len(signals) == 1 and role in (Role.SUM, Role.PRODUCT):
        number = next((bound[key] for key in ("other", "value", "alpha") if key in bound), UNKNOWN)
        role, settings = Role.PASS, {"other": plain(number)}
    if spec.name == "pow" and "exponent" in bound and not _is_tensor(bound["exponent"]):
        settings = {"exponent": plain(bound["exponent"])}
    if role is Extra.ELEMENTWISE:
        role = Role.PASS
    if not isinstance(role, Role):
        role = Role.UNKNOWN
    label = spec.activation or name if role is Role.ACTIVATION else name
    inputs = [recorder.source(value, frame) for value in signals]
    result = recorder.emit(role, label, inputs, frame, node, settings=settings)
    if len(signals) == 1:
        is_view = spec.family in VIEWS and spec.name not in COPIES
        carry_source(signals[0], result, "view" if is_view else "derived")
        _carry_shape(spec, signals[0], bound, result)
        result.detached = result.detached or spec.name == "detach"
    return _shaped(recorder, spec, bound, result, frame)


def _carry_shape(spec: FunctionSpec, signal: Value, bound: dict[str, Value], result: TensorV) -> None:
    """Elementwise results have the shape of their input."""
    if isinstance(signal, TensorV) and (spec.role is Role.ACTIVATION or spec.family in ("cast", "dropout", "clamp")):
        result.shape = signal.shape


def _shaped(recorder: Recorder, spec: FunctionSpec, bound: dict[str, Value], result: TensorV, frame: Frame) -> Value:
    """What a function returns, from the tensor that stands for it."""
    kind = spec.result
    if spec.pair_when is not None and bound.get(spec.pair_when) not in (None, False, ABSENT):
        kind = "pair"
    if kind == "pair":
        return (result, result)
    return result


def _query(
    recorder: Recorder,
    spec: FunctionSpec,
    bound: dict[str, Value],
    signals: list[Value],
    frame: Frame,
    node: ast.AST | None,
) -> Value:
    mask = choices.mask(spec.name, bound.get("input"), bound.get("other"))
    if mask is not None:
        return mask
    if spec.name in ("size", "dim", "numel") and signals and isinstance(signals[0], TensorV):
        return _measure(signals[0], spec.name, [bound["dim"]] if bound.get("dim") is not None else [], {})
    if spec.result in ("number", "bool", "shape", "object", "none"):
        return UnknownV(f"{spec.name} of a tensor")
    if spec.result == "indices":
        live = [value for value in recorder.tensors_in(bound.get("input")) if recorder.is_signal(value)]
        if live:
            recorder.emit(Role.LOSS, spec.name, [recorder.source(value, frame) for value in live], frame, node)
    return TensorV(None)
