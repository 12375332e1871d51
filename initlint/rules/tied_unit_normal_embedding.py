"""
## What it does
Finds an output head that shares its weight with an Embedding left at its default, N(0, 1).

## Why is this bad?
A row of an embedding is looked up, so unit entries do no harm there. As the weight of a head the same rows are summed
over all features: the logits of 512 features have a variance of 512, and the first loss of a 10,000-word model is 90
instead of ln 10,000 = 9.2. Training spends its first epoch taking it back.

Not reported where the hidden state or the logits are scaled (by 1/√d, as in T5), or where the embedding takes the
head's weight instead.

## Example
```python
import torch.nn as nn


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 128)
        self.norm = nn.LayerNorm(128)
        self.head = nn.Linear(128, 1000, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        return self.head(self.norm(self.embed(tokens)))
```

## Use instead
```python
import torch.nn as nn


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 128)
        self.norm = nn.LayerNorm(128)
        self.head = nn.Linear(128, 1000, bias=False)
        self.head.weight = self.embed.weight
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, tokens):
        return self.head(self.norm(self.embed(tokens)))
```

## Fix safety
Unsafe: the embeddings start smaller.

## References
- Press, Wolf (2017), Using the Output Embedding to Improve Language Models
- [torch.nn.Embedding](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html): initialised from N(0,
  1)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import InitializeLayers
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.follow import norms_before
from initlint.model.program import Layer, Program
from initlint.model.queries import weight_subject
from initlint.model.scale import settled
from initlint.rules._layers import expression, label, subjects
from initlint.rules._runs import number
from initlint.rules._scaled import is_scaled
from initlint.rules.rule import Rule

RULE: Final = Rule("INI304", "tied-unit-normal-embedding", Severity.WARNING, fix=Applicability.UNSAFE)

_HEADS: Final = frozenset({"Linear", "Parameter"})
_FEWEST_FEATURES: Final = 16
_FEATURES: Final = 1
"""The axis of a table that a head sums over."""


def check(program: Program) -> Iterator[Finding]:
    embeddings = [layer for layer in program.layers if layer.kind == "Embedding" and _is_unit_normal(layer)]
    for head in program.layers:
        if head.kind not in _HEADS or head.weight is None:
            continue
        embedding = _tied_to(head, embeddings)
        if embedding is not None and _is_head(program, head) and not is_scaled(program, head):
            yield _finding(program, head, embedding)


def _is_unit_normal(layer: Layer) -> bool:
    weight = layer.weight
    if weight is None or not settled(weight):
        return False
    sizes = weight.shape or (None, None)
    if len(sizes) != 2 or (sizes[1] is not None and sizes[1] < _FEWEST_FEATURES):
        return False
    return all(
        not event.explicit and event.distribution is not None and event.distribution.std == 1.0
        for event in weight.finals
    )


def _tied_to(head: Layer, embeddings: list[Layer]) -> Layer | None:
    """The embedding whose weight the head has, each row of it for one of the logits."""
    if head.kind == "Parameter":
        summed = head.settings.get("summed")
        if not isinstance(summed, tuple) or _FEATURES not in summed:
            return None
        return next((layer for layer in embeddings if head.full_path == weight_subject(layer)), None)
    return next((layer for layer in embeddings if layer.weight is head.weight), None)


def _is_head(program: Program, head: Layer) -> bool:
    following = program.followings[head.index]
    return following.applied > 0 and following.complete and not following.norms


def _finding(program: Program, head: Layer, embedding: Layer) -> Finding:
    sizes = embedding.weight.shape if embedding.weight is not None else None
    features = sizes[1] if sizes is not None else None
    normed = norms_before(program.graph, program.graph.applications.get(head.index, ()))
    most = "" if normed else "up to "
    effect = f"a variance of {most}{number(features) if features else 'the number of features'}"
    sharer = "the head" if head.kind == "Parameter" else f"`{head.called}`"
    fix = None
    if embedding.owner and embedding.owner == head.owner and embedding.owner_file == head.owner_file:
        statements = ["{init}.normal_({target}.weight, std=0.02)"]
        padding = embedding.settings.get("padding_idx")
        if isinstance(padding, int):
            statements.append(f"{{init}}.zeros_({{target}}.weight[{padding}])")
        insertion = InitializeLayers(embedding.site, (expression(embedding),), tuple(statements), name=embedding.owner)
        fix = Fix("Draw the shared weight with std=0.02", Applicability.UNSAFE, (insertion,), (embedding.site,))
    return RULE.finding(
        f"{sharer} shares the weight of `{embedding.called}`, which is left at N(0, 1): the logits start with "
        f"{effect}; use `nn.init.normal_({embedding.path}.weight, std=0.02)`",
        head.tied or embedding.site,
        subjects=subjects([head, embedding]),
        related=(Related(embedding.site, "the embedding"),),
        fix=fix,
        layer=label([embedding]),
    )
