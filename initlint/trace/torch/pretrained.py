"""Models that other packages build with weights already loaded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ClassV, InstanceV, ModuleScope, UnknownV, Value
from initlint.trace.program.external import external
from initlint.trace.torch.init import load
from initlint.trace.torch.tree import parameters_below

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_VISION: Final = ("torchvision.models.", "timm.create_model", "timm.models.", "segmentation_models_pytorch.")
_ANY: Final = ".from_pretrained"
_LAYERS: Final = {
    _VISION: (("Conv2d", 3), ("Linear", 2)),
    (_ANY,): (("Linear", 2), ("Embedding", 2), ("LayerNorm", 1)),
}
"""Layers that surely occur in such models, and how many sizes their constructors take."""
_BODY: Final = "Conv2d"
"""What stands in a part of its own, with a pool and the output behind it: `list(net.children())[:-2]` keeps it."""


def pretrained(interpreter: Interpreter, name: str, args: Args, kwargs: Kwargs, frame: Frame) -> Value | None:
    """What a call outside the project gives that builds a model and loads its weights: a module of which only some
    kinds of layers are known; None for all other calls."""
    if name.startswith(_VISION):
        layers = _LAYERS[_VISION]
        if not _asks_for_weights(args, kwargs):
            return None
    elif name.endswith(_ANY):
        layers = _LAYERS[(_ANY,)]
    else:
        return None
    cls = _opaque_class(name.removesuffix(_ANY).rpartition(".")[2])
    made = _opaque(cls, frame)
    recorder = interpreter.recorder
    before = list(recorder.built)
    for kind, sizes in layers:
        holder = made
        if kind == _BODY:
            holder = made.attrs["<body>"] = _opaque(cls, frame)
            made.attrs["<pool>"] = interpreter.call(external("torch.nn.AdaptiveAvgPool2d"), [1], {}, frame)
        unknown: list[Value] = [UnknownV("size not known") for _ in range(sizes)]
        holder.attrs[f"<{kind}>"] = interpreter.call(external(f"torch.nn.{kind}"), unknown, {}, frame)
    recorder.built[:] = before
    load(recorder, parameters_below(made), name, frame)
    return made


def _opaque(cls: ClassV, frame: Frame) -> InstanceV:
    """A module of which not all is known."""
    made = InstanceV(cls)
    made.born = frame.place()
    made.state["opaque"] = True
    return made


def _asks_for_weights(args: Args, kwargs: Kwargs) -> bool:
    weights = kwargs.get("weights", kwargs.get("encoder_weights"))
    if weights is not None and not isinstance(weights, UnknownV | bool):
        return True
    return kwargs.get("pretrained") is True or (len(args) == 1 and args[0] is True)


@cache
def _opaque_class(name: str) -> ClassV:
    """A class of modules of which nothing else is known."""
    made = ClassV(name, name, ModuleScope("<vocabulary>", "<vocabulary>", ""), (), None)
    made.is_open = True
    made.mro = (made, external("torch.nn.Module"))
    made.traits.update(vocabulary=True, kind="module")
    return made
