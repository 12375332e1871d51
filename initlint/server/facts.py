"""What is known of a layer, in words: the text of hovers and inlay hints."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from typing import Final

from initlint.model.report import ActivationRow, InitRow, LayerRow
from initlint.signal.activations import Nonlinearity, bind
from initlint.signal.propagation import layer_factor

_SCHEMES: Final = {
    "kaiming_normal_": "He", "kaiming_uniform_": "He", "xavier_normal_": "Xavier", "xavier_uniform_": "Xavier",
}  # fmt: skip
_OWN_SCALE: Final = ("ConvTranspose", "Parameter")
"""Kinds, by the beginning of their names, whose inputs per output are not what torch calls fan_in."""


def hint(row: LayerRow) -> str | None:
    """`→ ReLU · He ✓`, `→ tanh · default ×0.13`; None where it is not known what follows."""
    if not row.activations or not row.activation_complete:
        return None
    through = [*([] if row.norm is None else row.norm), *(["+"] if row.residual else [])]
    follows = " | ".join(dict.fromkeys(_display(each) for each in row.activations))
    label = f"→ {' → '.join([*through, follows])}"
    if not row.inits or not row.init_complete:
        return label
    schemes = " | ".join(dict.fromkeys(_scheme(init) for init in row.inits))
    mark = _mark(row)
    return f"{label} · {schemes}{mark and f' {mark}'}"


def _mark(row: LayerRow) -> str:
    """✓ where the scale fits what follows, else by what factor one layer changes a unit signal; "" where
    something else sets the scale, or it is not known."""
    nonlinearity, gain = sole_activation(row), sole_gain(row)
    if nonlinearity is None or gain is None or row.norm or row.residual or row.kind.startswith(_OWN_SCALE):
        return ""
    if gain == 0.0:
        return "×0"
    band = nonlinearity.band
    if band is None or not nonlinearity.elementwise:
        return ""
    s2 = gain * gain
    # torch's own He and Xavier calls sit on the edge of a band now and then; rounding must not push them out
    if band[0] * 0.999 <= s2 <= band[1] * 1.001:
        return "✓"
    return f"×{number(layer_factor(s2, nonlinearity))}"


def page(row: LayerRow, cwd: str) -> str:
    """The hover of a layer, in Markdown."""
    return "\n".join([f"**{row.owner}.{row.path}** · {row.kind}", "", *(f"- {line}" for line in _lines(row, cwd))])


def _lines(row: LayerRow, cwd: str) -> Iterator[str]:
    fans = (("fan in", row.fan_in), ("fan out", row.fan_out))
    yield " · ".join(f"{name} {value}" for name, value in fans if value is not None) or "fans not known"
    yield f"followed by {followed(row)}"
    if row.norm_before:
        yield f"reads the output of {', '.join(row.norm_before)}"
    for init in row.inits:
        yield f"weight: {initialised(init, row, cwd)}"
    if not row.init_complete:
        yield "weight: something that is not known may have written it" if row.inits else "weight: not known"
    if row.bias is not None and row.bias != "none":
        yield f"bias: {_bias(row)}"
    yield from _gains(row)
    chain = row.chain
    if chain is not None and chain.factor is not None:
        layers = "layer" if chain.length == 1 else f"{chain.length} un-normalised layers"
        told = f"signal ×{number(chain.factor)}"
        if chain.gradient is not None:
            told += f", gradient ×{number(chain.gradient)}"
        yield f"over the {layers} that end here: {told}"
    if len(row.roots) > 1:
        yield f"built by {', '.join(row.roots[:4])}" + (f" and {len(row.roots) - 4} more" if len(row.roots) > 4 else "")


def followed(row: LayerRow) -> str:
    """`batch_norm → ReLU`, `a sum → ReLU`, `ReLU or something unknown`."""
    through = [*(row.norm or ()), *(["a sum"] if row.residual else [])]
    names = list(dict.fromkeys(_display(each) for each in row.activations))
    if not row.activation_complete:
        names.append("something unknown")
    return " → ".join([*through, " or ".join(names)])


def initialised(init: InitRow, row: LayerRow, cwd: str) -> str:
    """`kaiming_normal_(a=0) at model.py:12`, `torch's default`."""
    if init.function == "default":
        return "torch's default"
    plain = ((name, value) for name, value in init.args.items() if isinstance(value, (int, float, str)))
    call = f"`{init.function}({', '.join(f'{name}={value!r}' for name, value in plain)})`"
    if init.line is None:
        return call
    if init.file is None or init.file == row.file:
        return f"{call} at line {init.line}"
    shown = os.path.relpath(init.file, cwd) if os.path.isabs(init.file) else init.file
    return f"{call} at {shown}:{init.line}"


def _gains(row: LayerRow) -> Iterator[str]:
    gains = sorted({f"{init.gain:.3g}" for init in row.inits if init.gain is not None})
    nonlinearity = sole_activation(row)
    has = f"gain {' or '.join(gains)}" if gains else ""
    recommendation = None if nonlinearity is None else nonlinearity.recommendation
    if nonlinearity is None or recommendation is None:
        if has:
            yield has
        return
    fits = f"`{recommendation.call()}` fits {nonlinearity.display}"
    if nonlinearity.band is not None:
        low, high = (f"{math.sqrt(bound):.3g}" for bound in nonlinearity.band)
        fits = f"{low} to {high} fits {nonlinearity.display}, as `{recommendation.call()}` gives"
    yield f"{has}; {fits}" if has else f"gain: {fits}"


def _bias(row: LayerRow) -> str:
    if isinstance(row.bias, str):
        return {"default": "torch's default"}.get(row.bias, row.bias)
    return ", ".join(f"{name} {value}" for name, value in (row.bias or {}).items())


def sole_activation(row: LayerRow) -> Nonlinearity | None:
    """The one activation that follows on every path, None where there is none, several, or it is not known."""
    if not row.activation_complete or len(row.activations) != 1 or row.activations[0].name == "none":
        return None
    return bind(row.activations[0].name, row.activations[0].params)


def sole_gain(row: LayerRow) -> float | None:
    """std·√fan_in of the weight, where all the ways it may be written leave the same."""
    gains = {None if init.gain is None else round(init.gain, 6) for init in row.inits}
    return gains.pop() if len(gains) == 1 and row.init_complete else None


def _scheme(init: InitRow) -> str:
    return _SCHEMES.get(init.function, init.function.rstrip("_"))


def _display(activation: ActivationRow) -> str:
    if activation.name == "none":
        return "no activation"
    nonlinearity = bind(activation.name, activation.params)
    return activation.name if nonlinearity is None else nonlinearity.display


def number(value: float) -> str:
    """Three digits at most: `0.13`, `1.4e+03`."""
    return f"{value:.2g}"


def reached(rows: Iterable[LayerRow]) -> str:
    """`Net.fc1, Net.fc2 and 3 more`."""
    names = list(dict.fromkeys(f"{row.owner}.{row.path}" for row in rows))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
