"""What names of packages mean whose source is not part of the project, by full dotted name.

torch's own names that are neither modules nor functions on signals are here as well
(`torch.no_grad`, `torch.utils.checkpoint.checkpoint`), and plain mathematics of numpy.
"""

from __future__ import annotations

from collections.abc import Mapping

from initlint.trace.vocabulary.packages import helpers, initializers, layers
from initlint.trace.vocabulary.spec import Spec

PACKAGES: Mapping[str, Spec] = {**layers.LAYERS, **initializers.INITIALIZERS, **helpers.HELPERS}

PREFIXES: Mapping[str, str] = {
    "timm.models.layers": "timm.layers",
    "mmcv.cnn": "mmengine.model",
    "mmcv.runner": "mmengine.model",
}
"""Old homes of a package's names."""

FLAT: tuple[str, ...] = (
    "timm.layers",
    "torchvision.ops",
    "mmengine.model",
    "einops",
    "torch_geometric.nn",
    "torch.utils.checkpoint",
    "torch.nn.utils",
    "torch.autograd",
    "xformers.ops",
    "apex.normalization",
)
"""Packages that offer the names of their sub-modules themselves: `timm.layers.drop.DropPath` is
`timm.layers.DropPath`."""
