"""torch's vocabulary, as data: what each class and function does to a signal or a weight.

`lookup` finds the row for a canonical dotted name under all the names torch gives it. Tables:
`modules.MODULES`, `functions.FUNCTIONS`, `initializers.{INITIALIZERS,FILLS,FACTORIES}`, `packages.packages()`;
what is left out on purpose stands in `LEFT_OUT`. A test holds them against the installed torch.
"""

from __future__ import annotations

from functools import cache

from initlint.trace.vocabulary.functions import FUNCTIONS
from initlint.trace.vocabulary.initializers import FACTORIES, FILLS, INITIALIZERS
from initlint.trace.vocabulary.left_out import LEFT_OUT
from initlint.trace.vocabulary.modules import MODULES
from initlint.trace.vocabulary.packages import find
from initlint.trace.vocabulary.spec import (
    FFT,
    FUNCTIONAL,
    LINALG,
    SPECIAL,
    TENSOR,
    TORCH,
    FunctionSpec,
    Spec,
)

__all__ = ["FACTORIES", "FILLS", "FUNCTIONS", "INITIALIZERS", "LEFT_OUT", "MODULES", "lookup"]

_SURFACES = {
    "torch": TORCH,
    "torch.functional": TORCH,
    "torch.nn.functional": FUNCTIONAL,
    "torch.Tensor": TENSOR,
    "torch.special": SPECIAL,
    "torch.linalg": LINALG,
    "torch.fft": FFT,
}


_WRAPPERS = ("DataParallel", "DistributedDataParallel")
"""Classes of torch.nn.parallel that hold a model as their `module` and do what it does."""


@cache
def lookup(dotted: str) -> Spec | None:
    """The row for a dotted name with imports resolved (`torch.nn.functional.relu`, `torch.Tensor.normal_`,
    `torch.nn.modules.linear.Linear`, `timm.models.layers.DropPath`), None where the tables have none.

    An in-place spelling of a function gives its row with `inplace` set. Of a tensor method that both writes a parameter
    and works on signals (`mul_`) this is the row of FUNCTIONS; FILLS has the other.
    """
    home, _, name = dotted.rpartition(".")
    if home in _SURFACES:
        found = _function(_SURFACES[home], name)
        if found is not None:
            return found
    if home == "torch.nn.init" and name in INITIALIZERS:
        return INITIALIZERS[name]
    if (home == "torch.nn" or home.startswith("torch.nn.modules")) and name in MODULES:
        return MODULES[name]
    if home in ("torch.nn.parallel", "torch.nn.parallel.distributed") and name in _WRAPPERS:
        return MODULES["DataParallel"]
    return find(dotted)


def _function(surface: str, name: str) -> FunctionSpec | Spec | None:
    factory = FACTORIES.get(name)
    if factory is not None and surface in factory.surfaces:
        return factory
    function = FUNCTIONS.get(name)
    if function is not None and surface in function.surfaces:
        return function
    if name.endswith("_"):
        function = FUNCTIONS.get(name[:-1])
        if function is not None and surface in function.surfaces:
            return function._replace(inplace=True)
        if surface in (TENSOR, TORCH):
            return FILLS.get(name)
    return None
