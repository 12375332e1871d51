from __future__ import annotations

import pytest

from initlint.syntax.prefilter import mentions_nn, mentions_torch


@pytest.mark.parametrize(("data", "expected"), [
    (b"import torch\n", True),
    (b"from .torch_layers import Block\n", True),
    (b"from .common import nn\nx = nn.Linear(1, 1)\n", True),
    (b"from .common import *\nx = nn.init\n", True),
    (b"x = 1\n", False),
    (b"ann.total = 1\n", False),
    (b"# see nn. and on\n", False),
    (b"", False),
])
def test_mentions_torch(data: bytes, expected: bool) -> None:
    assert mentions_torch(data) is expected


@pytest.mark.parametrize(("data", "expected"), [
    (b"from torch import nn\n", True),
    (b"import torch.nn.functional as F\n", True),
    (b"from torch.nn import *\n", True),
    (b"import torch\ntorch.manual_seed(0)\n", False),
    (b"import torchvision\ncnn = 1\n", False),
])
def test_mentions_nn(data: bytes, expected: bool) -> None:
    assert mentions_nn(data) is expected
