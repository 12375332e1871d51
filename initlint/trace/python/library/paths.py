"""`os.path` and `pathlib` on plain texts, in the manner of POSIX. Whether there is a file is not asked."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.limits import MAX_TEXT
from initlint.trace.machine.values import BuiltinV, InstanceV, UnknownV, Value
from initlint.trace.python.library.registry import LIBRARY, Function, library, plain_class

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_FUNCTIONS: Final = ("join", "basename", "dirname", "split", "splitext", "normpath", "isabs")


def _function(name: str) -> None:
    dotted, function = f"os.path.{name}", getattr(posixpath, name)

    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args or kwargs or not all(isinstance(arg, str) for arg in args):
            return interpreter.recorder.unknown_call(f"result of {dotted}", args, kwargs, interpreter.frame, reads=True)
        return function(*args) if sum(map(len, args)) <= MAX_TEXT else UnknownV("text too long")

    LIBRARY[dotted] = BuiltinV(dotted, run)


for _name in _FUNCTIONS:
    _function(_name)


@library("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath")
def _path(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    given = [arg.state.get("path") if isinstance(arg, InstanceV) else arg for arg in args]
    parts = [part for part in given if isinstance(part, str)]
    if len(parts) < len(given) or sum(map(len, parts)) > MAX_TEXT:
        return UnknownV("a path that is not known")
    return _told(interpreter, posixpath.join(*parts) if parts else ".")


def _told(interpreter: Interpreter, text: str) -> InstanceV:
    """A path by its names; what it says of the files of the machine is unknown."""
    from pathlib import PurePosixPath

    path = PurePosixPath(text)
    cls = plain_class(interpreter, "Path", True, "pathlib.Path")
    made = InstanceV(cls)
    made.state["path"] = str(path)
    made.attrs.update({"name": path.name, "stem": path.stem, "suffix": path.suffix, "parts": path.parts})
    if path.parent != path:
        made.attrs["parent"] = _told(interpreter, str(path.parent))
    cls.attrs["__truediv__"] = BuiltinV("__truediv__", lambda machine, args, kwargs: _path(machine, args, {}))
    for name in ("with_suffix", "with_name", "joinpath"):
        made.attrs[name] = BuiltinV(name, _renaming(path, name))
    return made


def _renaming(path: PurePosixPath, name: str) -> Function:
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if kwargs or not all(isinstance(arg, str) for arg in args):
            return UnknownV("a path that is not known")
        return _told(interpreter, str(getattr(path, name)(*args)))

    return run
