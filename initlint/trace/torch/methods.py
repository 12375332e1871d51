"""The methods of nn.Module and of torch's containers of modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from initlint.model.events import Walk
from initlint.trace.events.passes import note_walk
from initlint.trace.machine.values import (
    BuiltinV,
    DictV,
    InstanceV,
    ListV,
    UnknownV,
    Value,
    options_of,
)
from initlint.trace.python.classes import find_in_class
from initlint.trace.python.items import container_items
from initlint.trace.python.iteration import elements
from initlint.trace.record.handed import note_handed
from initlint.trace.torch.hyperparameters import save_hyperparameters
from initlint.trace.torch.init import load, require_grad
from initlint.trace.torch.modules import add_item, append_item, nameless, shown_key
from initlint.trace.torch.tree import (
    children,
    container_kind,
    hides_modules,
    named_parameters_below,
    parameters_below,
    walk,
)
from initlint.trace.torch.views import detached
from initlint.trace.torch.wrapped import parameters_behind

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Implementation = Callable[["Interpreter", InstanceV, "Args", "Kwargs"], Value]


def as_method(name: str, found: Implementation) -> BuiltinV:
    return BuiltinV(name, lambda machine, args, kwargs: found(machine, args[0], args[1:], kwargs))


def _apply(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    frame = interpreter.frame
    function = args[0] if args else kwargs.get("fn")
    met = [module for _, module in _post_order(instance, set())]
    note_walk(interpreter.recorder, frame, Walk.APPLY, "apply", instance, met, function)
    for module in met:
        interpreter.call(function, [module], {}, frame)
        interpreter.frame = frame
    return instance


def _post_order(instance: InstanceV, seen: set[int]) -> Iterator[tuple[str, InstanceV]]:
    if id(instance) in seen:
        return
    seen.add(id(instance))
    for _, child in list(children(instance)):
        yield from _post_order(child, seen)
    yield "", instance


def _walked(interpreter: Interpreter, instance: InstanceV, kind: Walk, method: str, values: list[Any]) -> ListV:
    """What a method that walks below a module gives; there may be more where part of it is not known."""
    note_walk(interpreter.recorder, interpreter.frame, kind, method, instance, values)
    below = [instance] if kind is Walk.CHILDREN else [module for _, module in walk(instance)]
    is_open = any(bool(module.state.get("opaque")) for module in below)
    return ListV(values, is_open or (not values and any(map(hides_modules, below))))


def _modules(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return _walked(interpreter, instance, Walk.MODULES, "modules", [module for _, module in walk(instance)])


def _named_modules(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    prefix = kwargs.get("prefix", args[1] if len(args) > 1 else "")
    found = list(walk(instance, prefix if isinstance(prefix, str) else ""))
    return _walked(interpreter, instance, Walk.MODULES, "named_modules", found)


def _children(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    found = list({id(child): child for _, child in children(instance)}.values())
    return _walked(interpreter, instance, Walk.CHILDREN, "children", found)


def _named_children(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return _walked(interpreter, instance, Walk.CHILDREN, "named_children", list(children(instance)))


def _parameters(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    recurse = kwargs.get("recurse", args[0] if args else True)
    found = [parameter for _, parameter in parameters_behind(named_parameters_below(instance, recurse is not False))]
    return _walked(interpreter, instance, Walk.PARAMETERS, "parameters", found)


def _named_parameters(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    recurse = kwargs.get("recurse", True)
    found = list(parameters_behind(named_parameters_below(instance, recurse is not False)))
    return _walked(interpreter, instance, Walk.PARAMETERS, "named_parameters", found)


def _self(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return instance


def _requires_grad(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    wanted = args[0] if args else kwargs.get("requires_grad", True)
    for parameter in parameters_below(instance):
        require_grad(interpreter.recorder, parameter, wanted)
    return instance


def _add_module(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    module = args[1] if len(args) > 1 else kwargs.get("module")
    if isinstance(name, UnknownV):
        name = nameless(instance)
        interpreter.heap.put(instance.state, "open", True)
    if container_kind(instance) is not None:
        add_item(interpreter, instance, name if isinstance(name, str) else str(name), module)
    else:
        interpreter.heap.put(instance.attrs, name if isinstance(name, str) else str(name), module)
    return None


def _register_parameter(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    value = args[1] if len(args) > 1 else kwargs.get("param")
    interpreter.heap.put(instance.attrs, str(name), value)
    return None


def _register_buffer(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    value = args[1] if len(args) > 1 else kwargs.get("tensor")
    interpreter.heap.put(instance.attrs, str(name), value)
    return None


def _submodule(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    value: Value = instance
    for part in str(args[0]).split(".") if args and isinstance(args[0], str) else []:
        value = interpreter.attribute(value, part, interpreter.frame)
    return value


def _load(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    load(interpreter.recorder, parameters_below(instance), "torch.nn.Module.load_state_dict", interpreter.frame)
    return UnknownV("result of load_state_dict")


def _append(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    for value in args[:1]:
        append_item(interpreter, instance, value)
    return instance


def _extend(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    found = elements(interpreter, args[0], interpreter.frame)
    for value in found.values:
        append_item(interpreter, instance, value)
    if not found.complete:
        interpreter.heap.put(instance.state, "open", True)
    return instance


def _insert(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    values = container_items(instance) or []
    index = args[0] if isinstance(args[0], int) else len(values)
    values.insert(index, args[1])
    for position, value in enumerate(values):
        add_item(interpreter, instance, str(position), value)
    return instance


def _pop(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    keys = list(instance.state.get("items", ()))
    key = args[0] if args else -1
    name = keys[key] if isinstance(key, int) and -len(keys) <= key < len(keys) else key
    value = instance.attrs.get(name, UnknownV("item not known"))
    interpreter.heap.remove(instance.attrs, name)
    interpreter.heap.put(instance.state, "items", tuple(k for k in keys if k != name))
    return value


def _keys(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(map(shown_key, instance.state.get("items", ()))), bool(instance.state.get("open")))


def _values(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    keys = instance.state.get("items", ())
    return ListV([instance.attrs[key] for key in keys if key in instance.attrs], bool(instance.state.get("open")))


def _items(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    keys = instance.state.get("items", ())
    held = [(shown_key(key), instance.attrs[key]) for key in keys if key in instance.attrs]
    return ListV(held, bool(instance.state.get("open")))


def update_items(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    for arg in args:
        if isinstance(arg, DictV):
            for key, value in arg.entries.items():
                add_item(interpreter, instance, str(key), value)
        elif isinstance(arg, InstanceV):
            for key in arg.state.get("items", ()):
                add_item(interpreter, instance, key, arg.attrs[key])
    return None


def _state_dict(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    """The parameters by name, out of sight of autograd: what is written to an entry is written to the module."""
    found = {name: detached(parameter) for name, parameter in named_parameters_below(instance)}
    made = DictV(found, True)
    made.holder = instance
    return made


def _hook_after(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    """A function that the module calls after its forward, and whose result, if any, stands for the forward's."""
    hook = args[0] if args else kwargs.get("hook")
    before = interpreter.attribute(instance, "forward", interpreter.frame)

    def forward(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        frame = machine.frame
        output = machine.call(before, given, named, frame)
        if not machine.recorder.running_forward:
            return output
        told = machine.call(hook, [instance, tuple(given), output], {}, frame)
        kept = [output if option is None else option for option in options_of(told)]
        return machine.heap.join(kept)

    if not kwargs.keys() & {"with_kwargs", "always_call"}:
        interpreter.heap.put(instance.attrs, "forward", BuiltinV("forward", forward))
    return _hook(interpreter, instance, args, kwargs)


def _hook(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    """A function that the module calls before or after its forward."""
    if args and note_handed(interpreter.recorder, args[0]):
        interpreter.recorder.escape(instance)
    return UnknownV("handle of a hook", reads=True)


def _save_hyperparameters(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return save_hyperparameters(interpreter, instance, args, kwargs)


def _nothing(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("result of a method of nn.Module")


def _call(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    _, found = find_in_class(instance.cls, "forward")
    return interpreter.call(found, [instance, *args], kwargs, interpreter.frame)


def _set(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    if len(args) == 2 and isinstance(args[0], str):
        interpreter.set_attribute(instance, args[0], args[1], interpreter.frame)
    return None


METHODS: Final[dict[str, Implementation]] = {
    "apply": _apply,
    "modules": _modules,
    "named_modules": _named_modules,
    "children": _children,
    "named_children": _named_children,
    "parameters": _parameters,
    "named_parameters": _named_parameters,
    "requires_grad_": _requires_grad,
    "add_module": _add_module,
    "register_module": _add_module,
    "register_parameter": _register_parameter,
    "register_buffer": _register_buffer,
    "get_submodule": _submodule,
    "get_parameter": _submodule,
    "load_state_dict": _load,
    "state_dict": _state_dict,
    "save_hyperparameters": _save_hyperparameters,
    "register_forward_hook": _hook_after,
    "register_forward_pre_hook": _hook,
    "__call__": _call,
    "__setattr__": _set,
    **dict.fromkeys(
        ("to", "cuda", "cpu", "xpu", "train", "eval", "float", "double", "half", "bfloat16", "type", "to_empty",
         "share_memory", "compile"),
        _self,
    ),
    **dict.fromkeys(
        ("zero_grad", "extra_repr", "buffers", "named_buffers", "register_full_backward_hook", "register_backward_hook",
         "register_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_load_state_dict_post_hook",
         "_register_load_state_dict_pre_hook", "_register_state_dict_hook", "_load_from_state_dict",
         "_save_to_state_dict", "get_buffer", "_get_name", "__repr__"),
        _nothing,
    ),
}
SEQUENCE_METHODS: Final[dict[str, Implementation]] = {
    "append": _append, "extend": _extend, "insert": _insert, "pop": _pop,
}
MAPPING_METHODS: Final[dict[str, Implementation]] = {
    "keys": _keys, "values": _values, "items": _items, "update": update_items, "pop": _pop,
}
