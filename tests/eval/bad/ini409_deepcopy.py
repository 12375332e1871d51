# select: INI409
import copy

import torch.nn as nn


def clones(module, n):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(n)])  # INI409


class Layer(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return x + self.fc(self.norm(x)).relu()


class Encoder(nn.Module):
    def __init__(self, dim=64, depth=6):
        super().__init__()
        self.layers = clones(Layer(dim), depth)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
