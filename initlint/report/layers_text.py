"""The layer report for people: a table a file, a block a class."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from initlint.model.report import InitRow, LayerRow
from initlint.report.document import Document
from initlint.report.style import Style, plain, width_of

HEADINGS: Final = ("line", "layer", "kind", "fan in", "followed by", "initialised by", "gain", "bias", "found")
_RIGHT: Final = frozenset({"line", "fan in", "gain"})
_OPEN: Final = "?"          # something is not known


def render(layers: Iterable[LayerRow], document: Document, style: Style) -> str:
    blocks = []
    for file, rows in groupby(layers, key=lambda layer: layer.file):
        blocks.append("\n".join(_table(document.relative(file), list(rows), style)) + "\n")
    return "\n".join(blocks)


def _table(file: str, layers: Sequence[LayerRow], style: Style) -> list[str]:
    cells = [_cells(layer) for layer in layers]
    widths = [
        max(_width(heading), *(_width(row[index]) for row in cells)) for index, heading in enumerate(HEADINGS)
    ]
    lines = [style.paint(plain(file), "bold"), style.paint(_row(HEADINGS, widths), "dim")]
    owner = None
    for layer, row in zip(layers, cells, strict=True):
        if layer.owner != owner:
            owner = layer.owner
            lines.append(style.paint(plain(owner), "cyan"))
        text = _row(row, widths)
        if layer.verdicts:
            head, _, tail = text.rpartition(row[-1])
            text = head + style.paint(row[-1], "yellow", "bold") + tail
        lines.append(text)
    return lines


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for heading, cell, width in zip(HEADINGS, cells, widths, strict=True):
        blank = " " * (width - _width(cell))
        padded.append(blank + cell if heading in _RIGHT else cell + blank)
    return ("  " + "  ".join(padded)).rstrip()


def _cells(layer: LayerRow) -> tuple[str, ...]:
    gains = sorted({f"{init.gain:.3g}" for init in layer.inits if init.gain is not None})
    known = bool(gains) and layer.init_complete and all(init.gain is not None for init in layer.inits)
    return tuple(
        map(
            plain,
            (
                str(layer.line),
                layer.path,
                layer.kind,
                _OPEN if layer.fan_in is None else str(layer.fan_in),
                _followed(layer),
                _initialised(layer),
                " | ".join(gains if known else [*gains, _OPEN]),
                _bias(layer),
                " ".join(layer.verdicts),
            ),
        )
    )


def _followed(layer: LayerRow) -> str:
    """`batch_norm → relu`, `+ → relu` after a residual sum, `relu | gelu` where roots differ."""
    names = []
    for activation in layer.activations:
        parameters = ", ".join(f"{name}={value}" for name, value in sorted(activation.params.items()))
        names.append(f"{activation.name}({parameters})" if parameters else activation.name)
    if not layer.activation_complete:
        names.append(_OPEN)
    norm = [_OPEN] if layer.norm is None else list(layer.norm)
    through = [*norm, *(["+"] if layer.residual else [])]
    return " → ".join([*through, " | ".join(names)])


def _initialised(layer: LayerRow) -> str:
    calls = list(dict.fromkeys(_call(layer, init) for init in layer.inits))
    return " | ".join(calls if layer.init_complete else [*calls, _OPEN])


def _call(layer: LayerRow, init: InitRow) -> str:
    plain_values = ((name, value) for name, value in init.args.items() if isinstance(value, (int, float, str)))
    arguments = ", ".join(f"{name}={value}" for name, value in plain_values)
    place = ""
    if init.line is not None:
        place = f" :{init.line}" if init.file == layer.file else f" {os.path.basename(init.file or '')}:{init.line}"
    return init.function + (f"({arguments})" if arguments else "") + place


def _bias(layer: LayerRow) -> str:
    if layer.bias is None:
        return _OPEN
    if isinstance(layer.bias, str):
        return layer.bias
    return ", ".join(f"{name} {value}" for name, value in layer.bias.items())


def _width(text: str) -> int:
    return sum(map(width_of, text))
