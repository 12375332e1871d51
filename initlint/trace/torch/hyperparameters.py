"""`save_hyperparameters()` of a LightningModule: the arguments of its constructors, as `hparams`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import ABSENT, DictV, InstanceV, ListV, Store, Value
from initlint.trace.torch.modules import defined
from initlint.trace.vocabulary.packages.sources import ATTRIBUTE_DICT

if TYPE_CHECKING:
    from initlint.trace.machine.code import Code
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def save_hyperparameters(interpreter: Interpreter, module: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    """Keeps what the constructors in progress were given: the named arguments, or all but those to `ignore`."""
    named, ignored = set(_texts(tuple(args))), set(_texts(kwargs.get("ignore")))
    kept: dict[str, Value] = {}
    is_open = False
    for frame in interpreter.frame.chain():
        code = _constructor(frame, module)
        if code is not None:
            given, more = _given(code, frame.vars)
            is_open = is_open or more
            kept |= {name: value for name, value in given.items() if name not in ignored}
    chosen = {name: value for name, value in kept.items() if name in named} if named else kept
    hparams = module.attrs.get("hparams", ABSENT)
    if hparams is ABSENT:
        hparams = interpreter.call(defined("AttributeDict", ATTRIBUTE_DICT), [], {}, interpreter.frame)
        interpreter.heap.put(module.attrs, "hparams", hparams)
    update = interpreter.attribute(hparams, "update", interpreter.frame)
    return interpreter.call(update, [DictV(chosen, is_open)], {}, interpreter.frame)


def _constructor(frame: Frame, module: InstanceV) -> Code | None:
    """The code of a call that constructs the module."""
    function = frame.function
    if function is None or function.name != "__init__" or not function.code.params:
        return None
    return function.code if frame.vars.get(function.code.params[0]) is module else None


def _given(code: Code, variables: Store) -> tuple[dict[str, Value], bool]:
    """The arguments of a call by name, and whether there may be others."""
    found = {name: variables[name] for name in (*code.params[1:], *code.kwonly) if name in variables}
    rest = variables.get(code.kwarg) if code.kwarg is not None else None
    if not isinstance(rest, DictV):
        return found, rest is not None
    return found | {str(name): value for name, value in rest.entries.items()}, rest.is_open or rest.asked


def _texts(value: Value) -> list[str]:
    items = value.items if isinstance(value, ListV) else value if isinstance(value, tuple) else [value]
    return [item for item in items if isinstance(item, str)]
