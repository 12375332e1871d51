"""Whether a file can matter at all, told from its bytes before anything is parsed."""

from __future__ import annotations

import re
from typing import Final

# `torch` as a substring finds torch, torchvision, pytorch_lightning and "from .torch_utils" at the
# speed of memmem; `nn` and `init` alone would pass nearly every file. A module that never names
# torch can still build layers through names it imports from one that does: that is for the
# project's import graph to say, not for this file's bytes.
_NEEDLES: Final = (b"torch", b"nn.")
_LAYER: Final = re.compile(rb"\bnn\.[A-Z_a-z]")
_WORD: Final = re.compile(rb"\bnn\b")


def mentions_torch(data: bytes) -> bool:
    """Whether a file names torch, or uses a name `nn` that it could have imported from a project module."""
    return _NEEDLES[0] in data or (_NEEDLES[1] in data and _LAYER.search(data) is not None)


def mentions_nn(data: bytes) -> bool:
    """Whether a file that names torch names its layers too: no model is defined without them or another file's."""
    return _WORD.search(data) is not None
