"""One function for each class of module, chosen by the class of its argument: deep stacks are initialised too."""
from functools import singledispatch, singledispatchmethod

import torch.nn as nn


class Scale(nn.LayerNorm):
    pass


@singledispatch
def initialise(module):
    return None


@initialise.register
def init_linear(module: nn.Linear):
    nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    nn.init.zeros_(module.bias)


@initialise.register(nn.LayerNorm)
def init_norm(module):
    nn.init.xavier_uniform_(module.weight.unsqueeze(0))


@initialise.register(Scale)
def init_scale(module):
    nn.init.ones_(module.weight)


class Ranker(nn.Module):
    def __init__(self, width=64, depth=12):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.norm = Scale(width)
        self.out = nn.Linear(width, 1)
        for module in self.modules():
            initialise(module)

    def forward(self, x):
        return self.out(self.norm(self.net(x))).squeeze(-1)


class Methods(nn.Module):
    def __init__(self, width=64, depth=12):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        for module in self.modules():
            self.start(module)

    @singledispatchmethod
    def start(self, module):
        return None

    @start.register
    def _(self, module: nn.Linear):
        nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.net(x)


ranker, methods = Ranker(), Methods()
