"""Code that keeps weights from getting negative while training: `self.fc.weight.data.clamp_(min=0)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from initlint.model.events import KeptPositive
from initlint.trace.events.scene import Scene
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import ClassV

_CLAMPS: Final = frozenset({"clamp_", "clip_", "clamp_min_", "clamp", "clip", "clamp_min"})
_FOLDS: Final = frozenset({"relu_", "abs_", "relu", "abs"})
_HELD: Final = frozenset({"weight", "data"})


def kept_positive(scene: Scene) -> Iterator[KeptPositive]:
    """The classes of a root with methods that keep weights positive, whether or not anything runs them."""
    classes = {
        (cls.module.file, cls.qualname): cls
        for _, module in scene.modules
        for cls in getattr(module.cls, "mro", ())
        if isinstance(cls, ClassV)
    }
    for (file, name), cls in sorted(classes.items(), key=lambda item: item[0]):
        if cls.node is not None and scene.trees(file) is not None and _keeps_positive(cls.node):
            yield KeptPositive(name)


@kept(1024)
def _keeps_positive(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) and _is_on_a_weight(node) for node in ast.walk(tree))


def _is_on_a_weight(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _CLAMPS | _FOLDS:
        return False
    if not any(isinstance(part, ast.Attribute) and part.attr in _HELD for part in ast.walk(function.value)):
        return False
    if function.attr in _FOLDS:
        return True
    low = call.args[0] if call.args else next((each.value for each in call.keywords if each.arg == "min"), None)
    return isinstance(low, ast.Constant) and isinstance(low.value, int | float) and low.value >= 0
