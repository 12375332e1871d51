"""
## What it does
Finds residual blocks `h + f(h)` in a row, without normalisation, scale or zeros at the end of the branch, that
together multiply the signal by more than 100.

## Why is this bad?
Each block adds its branch's variance to the stream's: with He's initialisation a block doubles or triples it, and
thirty blocks reach 1e8 and more. The first loss is astronomical, and SGD ends in NaN. Here torch's small default is
the better start, and the usual cures are a zero last layer in each branch, a learnt scale that starts at zero, or
1/√depth.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, width)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")

    def forward(self, h):
        return h + self.fc2(F.relu(self.fc1(h)))


class Net(nn.Module):
    def __init__(self, width=128, depth=30):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        return self.head(self.blocks(x))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, width)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc2.weight)

    def forward(self, h):
        return h + self.fc2(F.relu(self.fc1(h)))


class Net(nn.Module):
    def __init__(self, width=128, depth=30):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        return self.head(self.blocks(x))
```

## Fix safety
Unsafe: the branches start at zero, which changes every output. Where the last layer is initialised outside its own
class no fix is offered.

## References
- Zhang, Dauphin, Ma (2019), Fixup Initialization: Residual Learning Without Normalization
- De, Smith (2020), Batch Normalization Biases Residual Blocks Towards the Identity Function in Deep Networks
- Bachlechner et al. (2020), ReZero is All You Need
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import ReplaceInit
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.follow import End
from initlint.model.program import Layer, Program
from initlint.model.residual import Chain, residual_chains
from initlint.rules._layers import constructors, deciding_call, final_targets, label, place, subjects
from initlint.rules._runs import number
from initlint.rules.rule import Rule
from initlint.signal.severity import EXPLOSION

RULE: Final = Rule("INI508", "unscaled-residual-branch", Severity.WARNING, fix=Applicability.UNSAFE)

_THRESHOLDS: Final = {level: threshold for threshold, level in EXPLOSION}


def check(program: Program) -> Iterator[Finding]:
    for chain in residual_chains(program):
        if len(chain.blocks) > 1 and chain.growth > _THRESHOLDS["warning"]:
            yield _finding(program, chain)


def _finding(program: Program, chain: Chain) -> Finding:
    ends = list({layer.site: layer for block in chain.blocks for layer in block.layers[-1:]}.values())
    span = place(ends[0])
    each = chain.growth ** (1.0 / len(chain.blocks))
    total = program.graph.nodes[chain.blocks[0].total].span
    bare = all(_ends_the_branch(program, layer) for layer in ends)
    if bare:
        zeros = f"`nn.init.zeros_` for `{ends[0].called}.weight`"
        least, advice = "", f"start each branch at zero, with {zeros}, or scale it by 1/√depth"
    else:       # what is never negative adds up
        least, advice = "at least ", "scale each branch by 1/depth"
    return RULE.finding(
        f"{len(chain.blocks)} residual blocks in a row multiply the signal by {least}{number(chain.growth)} "
        f"(×{number(each)} a block); {advice}",
        span,
        severity=Severity.ERROR if chain.growth > _THRESHOLDS["error"] else Severity.WARNING,
        subjects=subjects(layer for block in chain.blocks for layer in block.layers),
        related=(*constructors(ends), *(() if total is None else (Related(total, "the sum of the first block"),))),
        fix=_fix(program, ends) if bare else None,
        layer=label(ends),
    )


def _ends_the_branch(program: Program, layer: Layer) -> bool:
    """Whether the layer's output is added as it is; zeros before an activation could stay zeros for ever."""
    ends = program.followings[layer.index].ends
    return all(reached.residual or reached.end is not End.ACTIVATION for reached in ends)


def _fix(program: Program, ends: list[Layer]) -> Fix | None:
    """Zeros for the last layer of a branch, where one call initialises it and nothing else."""
    changes = []
    for layer in ends:
        call = deciding_call(layer)
        if call is None or not call.function.startswith("torch.nn.init."):
            return None
        reached = {execution.layer for execution in final_targets(program, call)}
        if any(index is None or program.layers[index].site != layer.site for index in reached):
            return None
        changes.append(ReplaceInit(call, "zeros_"))
    return Fix("Start the branch at zero", Applicability.UNSAFE, tuple(changes))
