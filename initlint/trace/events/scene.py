"""The finished root, as the notes taken on the way look at it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from initlint.model.graph import Role
from initlint.model.program import Origin
from initlint.model.source import Span
from initlint.trace.machine.values import ClassV, FunctionV, InstanceV, ParamV, Value
from initlint.trace.record.blocks import TreeOf
from initlint.trace.roots.standing import named_value
from initlint.trace.torch.tree import torch_class

if TYPE_CHECKING:
    from initlint.trace.record.recorder import Recorder
    from initlint.trace.torch.init import RawWrite


@dataclass
class Scene:
    """`paths` gives the path of each module by identity, `parameters` (path, owner, name) of each parameter; `origins`
    keeps what is known of arguments, by the calls that led there, `walks` the writes of each walk, `guarded` which
    calls in progress, by identity, are inside a `try`."""

    recorder: Recorder
    modules: tuple[tuple[str, InstanceV], ...]
    paths: Mapping[int, str]
    parameters: Mapping[int, tuple[str, InstanceV, str]]
    trees: TreeOf
    walks: dict[int, list[RawWrite]] | None = None
    origins: dict[tuple[object, ...], tuple[Origin, ...]] = field(default_factory=dict)
    guarded: dict[int, bool] = field(default_factory=dict)

    def place_of(self, parameter: ParamV) -> tuple[str, str, str] | None:
        """(path of the module, its kind, the parameter's name), None for a parameter no module holds."""
        found = self.parameters.get(id(parameter))
        if found is None:
            return None
        _, holder, name = found
        return self.paths.get(id(holder), ""), kind_of(holder), name

    def function(self, file: str, expression: ast.expr) -> FunctionV | None:
        """The function that an expression of a module's own names stands for."""
        project = self.recorder.interpreter.project
        module = project.by_file.get(file)
        found = None if module is None else named_value(project, module, expression)
        return found if isinstance(found, FunctionV) else None

    def site(self, instance: InstanceV) -> Span | None:
        """The innermost call of the project that built a module."""
        born = instance.born
        for place in born.chain() if born is not None else ():
            if self.trees(place.file) is not None:
                span: Span = place.span
                return span
        return None


def kind_of(instance: InstanceV) -> str:
    """torch's class name for torch's modules and what derives from its layers, else the project's."""
    cls = instance.cls
    if not isinstance(cls, ClassV):
        return _torch_kind(cls)
    known = cls.traits.get("kind_of")
    if known is None:
        known = cls.traits["kind_of"] = _torch_kind(cls)
    return str(known)


def _torch_kind(cls: Value) -> str:
    known = torch_class(cls)
    if isinstance(cls, ClassV) and (known is None or known.spec.role is not Role.LAYER):
        return cls.name
    return str(known.spec.name) if known is not None else str(getattr(cls, "name", "?"))
