"""One function for each class of module, chosen by the class of its argument."""
from functools import singledispatch

import torch.nn as nn


class Scale(nn.LayerNorm):
    pass


@singledispatch
def initialise(module):
    return None


@initialise.register
def init_linear(module: nn.Linear | nn.Conv2d):
    nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    nn.init.zeros_(module.bias)


@initialise.register(nn.LayerNorm)
def init_norm(module):
    nn.init.ones_(module.weight)


@initialise.register(Scale)
def init_scale(module):
    nn.init.xavier_uniform_(module.weight)  # INI001


class Ranker(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(width, width), nn.LayerNorm(width), nn.ReLU(), nn.Linear(width, width), Scale(width), nn.ReLU(),
        )
        self.out = nn.Linear(width, 1)
        self.apply(initialise)

    def forward(self, x):
        return self.out(self.net(x)).squeeze(-1)


ranker = Ranker()
