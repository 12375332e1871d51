"""`argparse`: the numbers that a program runs with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import BuiltinV, InstanceV, UnknownV, Value
from initlint.trace.python.library.registry import library, plain_class

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("argparse.ArgumentParser")
def _argument_parser(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """A parser whose namespace holds the numbers that a program without arguments runs with. Switches, names and paths
    say what to do, which is for the user to say: they stay unknown."""
    parser = InstanceV(plain_class(interpreter, "ArgumentParser", True))
    namespace = InstanceV(plain_class(interpreter, "Namespace", True))

    def add(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        name = named.get("dest") or next((each for each in given if str(each).startswith("--")), given[0])
        default = named.get("default")
        if isinstance(name, str) and type(default) in (int, float):
            machine.heap.put(namespace.attrs, name.lstrip("-").replace("-", "_"), default)
        return UnknownV("an argument of the program", reads=True)

    parser.attrs["add_argument"] = BuiltinV("add_argument", add)
    parser.attrs["add_argument_group"] = BuiltinV("add_argument_group", lambda *_: parser)
    parser.attrs["add_mutually_exclusive_group"] = BuiltinV("add_mutually_exclusive_group", lambda *_: parser)
    parser.attrs["parse_args"] = BuiltinV("parse_args", lambda *_: namespace)
    parser.attrs["parse_known_args"] = BuiltinV("parse_known_args", lambda *_: (namespace, UnknownV("other arguments")))
    return parser
