"""What programs ask of versions: of torch's, and of others that are not known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ABSENT, BuiltinV, ExternalV, UnknownV, Value
from initlint.trace.machine.versions import VersionV

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_PARTS: Final = ("major", "minor", "micro")
_VERDICTS: Final[dict[type, bool]] = {ast.Gt: True, ast.GtE: True, ast.Lt: False, ast.LtE: False}
_PARSERS: Final = (
    "packaging.version.parse", "packaging.version.Version", "pkg_resources.parse_version",
    "pkg_resources.packaging.version.parse", "distutils.version.LooseVersion", "distutils.version.StrictVersion",
    "looseversion.LooseVersion", "torch.torch_version.TorchVersion",
)


def version_attribute(value: VersionV, name: str) -> Value:
    """An attribute of `packaging.version.Version`; ABSENT where it has none of that name."""
    if name in _PARTS:
        place = _PARTS.index(name)
        return value.release[place] if place < len(value.release) else 0
    if name == "release":
        return value.release
    return str(value) if name in ("public", "base_version") else ABSENT


def compare_external(operator: type, left: ExternalV, right: Value) -> bool | None:
    """A comparison with something outside the project; of a package's version the newest is meant."""
    return _VERDICTS.get(operator) if "version" in left.name and isinstance(right, str | tuple) else None


def _parsed(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    given = args[0] if args else kwargs.get("version")
    if isinstance(given, str):
        return VersionV(given)
    return given if isinstance(given, ExternalV) else UnknownV("a version")


def _installed(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return interpreter.project.torch_version if args and args[0] == "torch" else UnknownV("an installed version")


VERSION_FUNCTIONS: Final[dict[str, Value]] = {
    **{name: BuiltinV(name, _parsed) for name in _PARSERS},
    **{name: BuiltinV(name, _installed) for name in ("importlib.metadata.version", "importlib_metadata.version")},
}
"""By dotted name."""
