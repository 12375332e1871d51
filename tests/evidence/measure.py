"""What a model does to random inputs: how much of the signal is kept, what comes out, which weights get no gradient."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn

_WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)
_CONVOLUTIONS = {nn.Conv1d: (64,), nn.ConvTranspose1d: (64,), nn.Conv2d: (32, 32), nn.ConvTranspose2d: (16, 16)}
_TRIES = 60
_LARGEST = 10_000_000


@dataclass(frozen=True)
class Measured:
    """`kept`: what is left of the difference of two inputs between the first and the last weight layer, as a ratio of
    second moments; None where there are not two. `out`: the second moment of the output. `dead`: parameters whose
    gradient is zero or not a number."""

    kept: float | None
    out: float
    dead: tuple[str, ...]


def models(text: str, stem: str, seed: int = 0) -> dict[str, nn.Module]:
    """The models that a file builds when it runs, and those of its classes that can be built without arguments, each
    under the seed."""
    torch.manual_seed(seed)
    names: dict[str, Any] = {"__name__": stem}
    exec(compile(text, stem, "exec"), names)
    kinds = [
        kind for kind in names.values()
        if isinstance(kind, type) and issubclass(kind, nn.Module) and kind.__module__ == stem
    ]
    found = {name: value for name, value in names.items() if isinstance(value, nn.Module)}
    for kind in kinds:
        required = [
            parameter for parameter in list(inspect.signature(kind.__init__).parameters.values())[1:]
            if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        if not required:
            torch.manual_seed(seed)
            found[kind.__name__] = kind()
    return found


def measured(model: nn.Module) -> Measured | None:
    """The measures under the first inputs of fitting shapes, None where none fits or the model is large."""
    if sum(parameter.numel() for parameter in model.parameters()) > _LARGEST:
        return None
    torch.manual_seed(1)
    count = sum(
        1 for parameter in inspect.signature(model.forward).parameters.values() if parameter.default is parameter.empty
    )
    inputs = list(itertools.islice(_inputs(model), 14))
    for arguments in itertools.islice(itertools.product(inputs, repeat=count), _TRIES):
        try:
            return _measured(model, tuple(_apart(arguments)))
        except (RuntimeError, ValueError, IndexError, TypeError):
            continue
    return None


def _apart(arguments: tuple[torch.Tensor, ...]) -> Iterator[torch.Tensor]:
    """No tensor twice: between two that are the same there is no distance."""
    for index, each in enumerate(arguments):
        twice = any(each is other for other in arguments[:index])
        yield torch.randn_like(each) if twice and each.is_floating_point() else each


def _measured(model: nn.Module, arguments: tuple[torch.Tensor, ...]) -> Measured:
    with torch.no_grad():
        others = tuple(torch.randn_like(each) if each.is_floating_point() else each.flip(0) for each in arguments)
        here, there = _layer_inputs(model, arguments), _layer_inputs(model, others)
    moments = [
        float((one - other).double().pow(2).mean()) for one, other in zip(here, there, strict=True)
        if one.is_floating_point()
    ]
    kept = moments[-1] / moments[0] if len(moments) > 1 and moments[0] else None
    model.zero_grad()
    out = model(*arguments)
    while isinstance(out, (tuple, list)):
        out = out[0]
    (out * torch.randn_like(out)).sum().backward()
    dead = tuple(
        name for name, parameter in model.named_parameters()
        if parameter.grad is not None and not float(parameter.grad.abs().sum()) > 0
    )
    return Measured(kept, float(out.detach().double().pow(2).mean()), dead)


def _layer_inputs(model: nn.Module, arguments: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    """What the weight layers are given, in order."""
    seen: list[torch.Tensor] = []
    hooks = [
        module.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
        for module in model.modules() if isinstance(module, _WEIGHTED)
    ]
    try:
        model(*arguments)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def _inputs(model: nn.Module) -> Iterator[torch.Tensor]:
    """Inputs in the shapes that the layers of a model take."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            yield torch.randn(64, module.in_features)
            yield torch.randn(8, 16, module.in_features)
        elif isinstance(module, nn.Embedding):
            yield torch.randint(1, module.num_embeddings, (8, 16))
        elif isinstance(module, (nn.LSTM, nn.GRU)):
            yield torch.randn(8, 16, module.input_size)
        else:
            for kind, sizes in _CONVOLUTIONS.items():
                if type(module) is kind:
                    yield torch.randn(4, module.in_channels, *sizes)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            yield torch.randn(64, parameter.shape[-2])
            yield torch.randn(64, parameter.shape[-1])


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")
