"""What a live model does: which functions drew its weights, at which scale, and what takes each layer's output."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import torch
import torch.nn as nn
from torch.overrides import TorchFunctionMode

LAYERS: Final = (nn.Linear, nn.Conv1d, nn.Conv2d)
ACTIVATIONS: Final = frozenset({
    "relu", "gelu", "tanh", "silu", "leaky_relu", "elu", "sigmoid", "softplus", "hardswish", "softmax", "relu6",
})  # fmt: skip
DRAWS: Final = frozenset({"normal_", "uniform_"})
_DIGITS: Final = re.compile(r"\d+")


@dataclass
class Seen:
    """What was seen of one attribute of one class, over all the layers that it held. `gains` are measured, each with
    the error that a sample of its size has five times in ten million."""

    activations: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    gains: list[tuple[float, float]] = field(default_factory=list)
    biases: set[str] = field(default_factory=set)
    run: bool = True


def place(model: nn.Module, path: str) -> tuple[str, str]:
    """The innermost class of the program around a layer, and the layer's path inside it, numbers as stars."""
    owner, start, module = type(model).__name__, 0, model
    parts = path.split(".")
    for at, part in enumerate(parts[:-1], 1):
        module = getattr(module, part)
        if not type(module).__module__.startswith("torch."):
            owner, start = type(module).__name__, at
    return owner, stars(".".join(parts[start:]))


def stars(path: str) -> str:
    """A path with its numbers as stars."""
    return _DIGITS.sub("*", path)


def observe(build: Callable[[], nn.Module], inputs: torch.Tensor, builds: int = 4) -> dict[tuple[str, str], Seen]:
    """What models that `build` gives are made of and do, by class and attribute."""
    found: dict[tuple[str, str], Seen] = {}
    weights: dict[str, list[torch.Tensor]] = {}
    for seed in range(builds):
        torch.manual_seed(seed)
        with drawing() as drawn:
            model = build()
        for path, layer in _layers(model):
            weights.setdefault(path, []).append(layer.weight.detach().flatten())
    for path, layer in _layers(model):
        seen = found.setdefault(place(model, path), Seen())
        seen.functions.add(drawn[layer.weight.data_ptr()])
        sample = torch.cat(weights[path])
        gain = float(sample.std()) * layer.weight[0].numel() ** 0.5
        seen.gains.append((gain, gain * 5 / (2 * sample.numel()) ** 0.5))
        seen.biases.add("none" if layer.bias is None else "zero" if not layer.bias.any() else "other")
    with torch.no_grad(), Flow(model) as flow:
        flow.finish(model(inputs))
    for path, _ in _layers(model):
        seen = found[place(model, path)]
        seen.activations |= flow.met[path]
        seen.run &= path in flow.applied
    return found


def _layers(model: nn.Module) -> Iterator[tuple[str, Any]]:
    return ((path, module) for path, module in model.named_modules() if isinstance(module, LAYERS))


class Flow(TorchFunctionMode):
    """Follows the raw output of each layer to whatever takes it first.

    A tensor *carries* the layers whose output it still is, reshaped, scaled, normalised or added to; it *descends*
    from all the layers it was computed from. A sum with something that was computed from the very output is a skip
    connection: what was computed took the output first.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.path = {id(layer.weight): path for path, layer in _layers(model)}
        self.met: dict[str, set[str]] = {path: set() for path in self.path.values()}
        self.applied: set[str] = set()
        self.carries: dict[int, frozenset[str]] = {}
        self.descends: dict[int, frozenset[str]] = {}
        self.kept: list[torch.Tensor] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        given = [each for each in _flat([args, kwargs or {}]) if isinstance(each, torch.Tensor)]
        name = func.__name__.rstrip("_")
        layer = next((self.path[id(each)] for each in given if id(each) in self.path), None)
        for made in _flat([result]):
            if not isinstance(made, torch.Tensor):
                continue
            carried = self._carried(given)
            descends = frozenset().union(*(self.descends.get(id(each), frozenset()) for each in given))
            if layer is not None and name in ("linear", "conv1d", "conv2d"):
                self._end(carried, "none")
                self.applied.add(layer)
                carried, descends = frozenset({layer}), descends | {layer}
            elif name in ACTIVATIONS:
                self._end(carried, name)
                carried = frozenset()
            self.carries[id(made)], self.descends[id(made)] = carried, descends
            self.kept.append(made)
        return result

    def finish(self, result: object) -> None:
        """The model returned: what its output still carries meets nothing else."""
        for each in _flat([result]):
            self._end(self.carries.get(id(each), frozenset()), "none")

    def _carried(self, given: list[torch.Tensor]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for each in given:
            mine = self.carries.get(id(each), frozenset())
            for other in given:
                theirs = self.carries.get(id(other), frozenset())
                mine -= self.descends.get(id(other), frozenset()) - theirs
            found |= mine
        return found

    def _end(self, carried: frozenset[str], name: str) -> None:
        for path in carried:
            self.met[path].add(name)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        elif isinstance(value, dict):
            yield from _flat(value.values())
        else:
            yield value


@contextmanager
def drawing() -> Iterator[dict[int, str]]:
    """While it lasts: the function that drew each weight last, by the address of its data."""
    drawn: dict[int, str] = {}
    inside: list[str] = []

    def wrapped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(tensor: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            by_default = sys._getframe(1).f_code.co_name == "reset_parameters"
            inside.append(name)
            try:
                return function(tensor, *args, **kwargs)
            finally:
                inside.pop()
                if not inside:
                    drawn[tensor.data_ptr()] = "default" if by_default else name

        return run

    saved = {name: getattr(nn.init, name) for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")}
    methods = {name: getattr(torch.Tensor, name) for name in DRAWS}
    try:
        for owner, functions in ((nn.init, saved), (torch.Tensor, methods)):
            for name, function in functions.items():
                setattr(owner, name, wrapped(name, function))
        yield drawn
    finally:
        for name, function in saved.items():
            setattr(nn.init, name, function)
        for name in methods:
            delattr(torch.Tensor, name)
