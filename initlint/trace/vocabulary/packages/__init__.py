"""What names of packages mean whose source is not part of the project, by full dotted name.

torch's own names that are neither modules nor functions on signals are here as well
(`torch.no_grad`, `torch.utils.checkpoint.checkpoint`), and plain mathematics of numpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from initlint.trace.vocabulary.spec import Spec

RENAMED: Mapping[str, str] = {
    "timm.models.layers": "timm.layers",
    "mmcv.cnn": "mmengine.model",
    "mmcv.runner": "mmengine.model",
}
"""Old homes of a package's names."""

FLAT: tuple[str, ...] = (
    "timm.layers",
    "timm.models",
    "torchvision.ops",
    "mmcv.cnn",
    "mmengine.model",
    "einops",
    "torch_geometric.nn",
    "torch.utils.checkpoint",
    "torch.nn.utils",
    "torch.autograd",
    "xformers.ops",
    "flash_attn",
    "apex.normalization",
)
"""Packages that offer the names of their sub-modules themselves: `timm.layers.drop.DropPath` is
`timm.layers.DropPath`."""


@cache
def packages() -> Mapping[str, Spec]:
    """Every row, by dotted name."""
    from initlint.trace.vocabulary.packages import helpers, initializers, layers, openmmlab, torch_helpers

    return {
        **layers.LAYERS, **initializers.INITIALIZERS, **openmmlab.OPENMMLAB, **helpers.HELPERS, **torch_helpers.HELPERS,
    }


def find(dotted: str) -> Spec | None:
    """The row for a dotted name, under old names and those of sub-modules too.

    The tables of third-party packages are read when one of them is first asked for.
    """
    if dotted.startswith(("torch.", "numpy.")):
        from initlint.trace.vocabulary.packages.torch_helpers import HELPERS

        rows: Mapping[str, Spec] = packages() if dotted.startswith("torch.nn.init.") else HELPERS
    else:
        rows = packages()
    names = [dotted, *(new + dotted[len(old) :] for old, new in RENAMED.items() if dotted.startswith(f"{old}."))]
    for name in names:
        if name in rows:
            return rows[name]
        for package in FLAT:
            flat = f"{package}.{name.rpartition('.')[2]}"
            if name.startswith(f"{package}.") and flat in rows:
                return rows[flat]
    if dotted.startswith("transformers.modeling_outputs."):
        from initlint.trace.vocabulary.packages.helpers import MODEL_OUTPUT

        return MODEL_OUTPUT
    return None
