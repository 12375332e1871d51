"""Small programs, traced: what the layer report says of them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from initlint.config.settings import Settings
from initlint.lint import lint
from initlint.model.report import LayerRow
from initlint.syntax.source import Source, from_text

IMPORTS = """
import math
import functools
from dataclasses import dataclass, field

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
"""


def layers(text: str) -> dict[str, LayerRow]:
    """The rows of one file, by class and path. Its imports are those above, unless it has its own."""
    return _by_name(every_layer(text))


def every_layer(text: str) -> tuple[LayerRow, ...]:
    """The rows of one file, those that share a name among them."""
    body = textwrap.dedent(text)
    source = from_text(body if "import" in body.split("class", 1)[0] else IMPORTS + body, "net.py")
    assert isinstance(source, Source)
    return lint([source], Settings()).layers


def project(folder: Path, files: dict[str, str]) -> dict[str, LayerRow]:
    """The rows of several files, written to a folder."""
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        paths.append(path)
    sources = [from_text(path.read_text(encoding="utf-8"), str(path)) for path in paths]
    return _by_name(lint([source for source in sources if isinstance(source, Source)], Settings()).layers)


def _by_name(rows: tuple[LayerRow, ...]) -> dict[str, LayerRow]:
    found: dict[str, LayerRow] = {}
    for row in rows:
        found.setdefault(f"{row.owner}.{row.path}", row)
    return found


def after(row: LayerRow) -> tuple[str, ...] | None:
    """The activations that follow a layer, None where they are not all known."""
    return tuple(sorted({activation.name for activation in row.activations})) if row.activation_complete else None


def drawn(row: LayerRow) -> tuple[str, ...] | None:
    """The functions that drew a layer's weight, None where they are not all known."""
    return tuple(sorted({init.function for init in row.inits})) if row.init_complete else None


def gain(row: LayerRow) -> float | None:
    """std * sqrt(fan_in), where there is one."""
    gains = {None if init.gain is None else round(init.gain, 3) for init in row.inits}
    return gains.pop() if len(gains) == 1 else None
