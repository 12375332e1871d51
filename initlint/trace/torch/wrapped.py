"""What `weight_norm(module)` and its kin make of a module's parameter: a tensor computed from others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from initlint.trace.machine.values import InstanceV, ParamV, TensorV, UnknownV, options_of

KEEPS_WRITES: Final = frozenset({"torch.nn.utils.spectral_norm"})
"""Wrappers under which the weight keeps what is written to it until the first forward."""

_OLDER: Final = {
    "torch.nn.utils.weight_norm": ("_g", "_v"),
    "torch.nn.utils.spectral_norm": ("_orig", "_u", "_v"),
}
"""How the names end that the older functions give to what they compute a parameter from."""

_SHAPED: Final = ("_v", ".original1", ".original")
"""How those end that have the shape of the parameter."""


def parameters_behind(parameters: Iterable[tuple[str, ParamV]]) -> Iterator[tuple[str, TensorV]]:
    """(name, parameter) as a module registers them: in the place of a tensor that a wrapper computes, those that it is
    computed from. What is written to these changes it, in a way that is not known."""
    for name, parameter in parameters:
        wrapper = parameter.state.get("reparametrized")
        if not isinstance(wrapper, str) or isinstance(parameter.state.get("wrapper"), UnknownV):
            yield name, parameter
            continue
        module, dot, own = name.rpartition(".")
        for part in _behind(wrapper, own):
            original: TensorV = parameter
            if wrapper not in KEEPS_WRITES:
                shape = parameter.shape if part.endswith(_SHAPED) else None
                original = TensorV(None, shape, None, parameter, "partial")
                original.facts = {"original": True}
            yield f"{module}{dot}{part}", original


def is_added_by_wrapper(module: InstanceV, name: str) -> bool | None:
    """Whether a wrapper gave a module an attribute of that name, None where one may have."""
    verdict: bool | None = False
    for parameter, value in module.attrs.items():
        for option in options_of(value):
            if not isinstance(option, ParamV):
                continue
            functions = options_of(option.state.get("reparametrized"))
            if any(isinstance(function, str) and name in _added(function, parameter) for function in functions):
                if len(functions) == 1 and not isinstance(option.state.get("wrapper"), UnknownV):
                    return True
                verdict = None
    return verdict


def _added(function: str, parameter: str) -> tuple[str, ...]:
    parts = _OLDER.get(function)
    return ("parametrizations",) if parts is None else tuple(parameter + part for part in parts)


def _behind(function: str, parameter: str) -> tuple[str, ...]:
    """The names of the parameters that a wrapper registers in the place of one."""
    if function in KEEPS_WRITES:
        return (f"{parameter}_orig",)
    if function in _OLDER:
        return tuple(parameter + part for part in _OLDER[function])
    originals = ("original0", "original1") if function.endswith(".weight_norm") else ("original",)
    return tuple(f"parametrizations.{parameter}.{original}" for original in originals)
