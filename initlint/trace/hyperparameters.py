"""`save_hyperparameters()` of a LightningModule: the arguments of its constructors, as `hparams`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.values import ABSENT, DictV, FunctionV, InstanceV, ListV, Value
from initlint.trace.vocabulary.packages.sources import ATTRIBUTE_DICT

if TYPE_CHECKING:
    from initlint.trace.frames import Frame
    from initlint.trace.interpreter import Args, Interpreter, Kwargs


def save_hyperparameters(interpreter: Interpreter, module: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    """Keeps what the constructors in progress were given: the named arguments, or all but those to `ignore`."""
    from initlint.trace.torch_modules import defined

    named, ignored = set(_texts(tuple(args))), set(_texts(kwargs.get("ignore")))
    kept: dict[str, Value] = {}
    is_open = False
    for frame in interpreter.frame.chain():
        if _constructs(frame, module):
            given, more = _given(frame)
            is_open = is_open or more
            kept |= {name: value for name, value in given.items() if name not in ignored}
    chosen = {name: value for name, value in kept.items() if name in named} if named else kept
    before = module.attrs.get("hparams", ABSENT)
    if before is ABSENT:
        made = interpreter.call(defined("AttributeDict", ATTRIBUTE_DICT), [], {}, interpreter.frame)
        interpreter.heap.put(module.attrs, "hparams", made)
        before = made
    update = interpreter.attribute(before, "update", interpreter.frame)
    return interpreter.call(update, [DictV(chosen, is_open)], {}, interpreter.frame)


def _constructs(frame: Frame, module: InstanceV) -> bool:
    function = frame.function
    if function is None or function.name != "__init__" or not function.code.params:
        return False
    return frame.vars.get(function.code.params[0]) is module


def _given(frame: Frame) -> tuple[dict[str, Value], bool]:
    """The arguments of a call by name, and whether there may be others."""
    assert isinstance(frame.function, FunctionV)
    code = frame.function.code
    found = {name: frame.vars[name] for name in (*code.params[1:], *code.kwonly) if name in frame.vars}
    rest = frame.vars.get(code.kwarg) if code.kwarg is not None else None
    if not isinstance(rest, DictV):
        return found, rest is not None
    return found | {str(name): value for name, value in rest.entries.items()}, rest.is_open or rest.asked


def _texts(value: Value) -> list[str]:
    items = value.items if isinstance(value, ListV) else value if isinstance(value, tuple) else [value]
    return [item for item in items if isinstance(item, str)]
