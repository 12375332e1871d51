"""A project's own names for what torch has, as its configuration declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from initlint.config.settings import Vocabulary
from initlint.trace.vocabulary import MODULES

_NORMS = {
    "batch_norm": "BatchNorm2d",
    "group_norm": "GroupNorm",
    "instance_norm": "InstanceNorm2d",
    "layer_norm": "LayerNorm",
    "rms_norm": "RMSNorm",
    "local_response_norm": "LocalResponseNorm",
}
"""Functional names of norms, and the class that does the same to a signal."""


def aliases(vocabulary: Vocabulary) -> Mapping[str, str]:
    """For each declared dotted name, the dotted name in torch that it stands for.

    Activations and norms may be declared by the name of torch's class or function; whether a class or a function is
    meant then follows from the declared name itself, classes being written in CamelCase.
    """
    return dict(_pairs(vocabulary))


def _pairs(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for name, target in vocabulary.layers:
        yield name, _dotted(target, "torch.nn")
    for name, target in vocabulary.inits:
        yield name, _dotted(target, "torch.nn.init")
    for name, target in (*vocabulary.activations, *vocabulary.norms):
        if "." in target:
            yield name, target
        elif name.rpartition(".")[2][:1].isupper():
            yield name, f"torch.nn.{_class_of(target)}"
        else:
            yield name, f"torch.nn.functional.{_function_of(target)}"


def _dotted(target: str, home: str) -> str:
    return target if "." in target else f"{home}.{target}"


def _class_of(target: str) -> str:
    if target in MODULES:
        return target
    named = (name for name, spec in MODULES.items() if spec.function == target or spec.activation == target)
    return _NORMS.get(target) or next(named, target)


def _function_of(target: str) -> str:
    spec = MODULES.get(target)
    if spec is None:
        return target
    return spec.activation or spec.function or next((key for key, name in _NORMS.items() if name == target), target)
