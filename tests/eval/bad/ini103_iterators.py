"""Layers that iterators of Python's library pair, chain and number."""
from itertools import chain, starmap, tee, zip_longest

import torch.nn as nn


def pairs(sizes):
    left, right = tee(sizes)
    next(right, None)
    return zip(left, right)


class Critic(nn.Module):
    def __init__(self, sizes=(24, 256, 256), act=nn.ReLU):
        super().__init__()
        hidden = chain.from_iterable((nn.Linear(i, o), act()) for i, o in pairs(sizes))
        self.net = nn.Sequential(*hidden, nn.Linear(sizes[-1], 1))
        [nn.init.xavier_uniform_(m.weight) for m in self.net[:-1] if isinstance(m, nn.Linear)]  # INI103

    def forward(self, x):
        return self.net(x)


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        layers = starmap(nn.Linear, [(24, 256), (256, 256), (256, 4)])
        self.layers = nn.ModuleList(layers)
        for layer, gain in zip_longest(self.layers, [1.0, 1.0], fillvalue=0.01):
            if gain == 1.0:
                nn.init.xavier_uniform_(layer.weight)  # INI103
            else:
                nn.init.orthogonal_(layer.weight, gain)

    def forward(self, x):
        x = self.layers[0](x).relu()
        x = self.layers[1](x).relu()
        return self.layers[2](x)


critic, actor = Critic(), Actor()
