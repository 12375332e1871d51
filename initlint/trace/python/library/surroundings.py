"""What a program asks of its surroundings, and of torch about how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import AltV, BuiltinV, TensorV, UnknownV, Value
from initlint.trace.python.library.registry import LIBRARY, library
from initlint.trace.python.versions import VERSION_FUNCTIONS

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("torch.library.custom_op")
def _custom_op(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """An operator of the program's own: what is registered as `space::name` is called as `torch.ops.space.name`."""
    name = args[0] if args else kwargs.get("name")
    function = args[1] if len(args) > 1 else kwargs.get("fn")

    def register(machine: Interpreter, given: Args, options: Kwargs) -> Value:
        if isinstance(name, str):
            machine.heap.put(machine.patched, f"torch.ops.{name.replace('::', '.')}", given[0])
        return given[0]

    return register(interpreter, [function], {}) if function is not None else BuiltinV("custom_op", register)


@library("os.environ.get", "os.getenv")
def _variable(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """What its author wrote for when nobody sets it, as with an argument; unknown where that is nothing."""
    written = args[1] if len(args) > 1 else kwargs.get("default")
    return UnknownV("surroundings of the program") if written is None else written


@library("warnings.warn", "logging.info", "logging.warning", "logging.getLogger", "warnings.filterwarnings")
def _silent(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("surroundings of the program")


@library("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.onnx.is_in_onnx_export",
         "torch.compiler.is_compiling", "torch.compiler.is_dynamo_compiling", "torch._dynamo.is_compiling",
         "torch.fx._symbolic_trace.is_fx_tracing", "torch.overrides.has_torch_function",
         "torch.overrides.has_torch_function_unary", "torch.overrides.has_torch_function_variadic")
def _plainly_run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return False


@library("torch.is_tensor")
def _is_tensor(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], TensorV):
        return True
    return UnknownV("is_tensor") if not args or isinstance(args[0], UnknownV | AltV) else False


LIBRARY.update(VERSION_FUNCTIONS)
