from collections import OrderedDict

import torch.nn as nn


class Pinn(nn.Module):
    """A physics-informed net: ten layers of tanh left at the default."""

    def __init__(self, layers=(2, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 1)):
        super().__init__()
        parts = []
        for i in range(len(layers) - 2):
            parts.append((f"layer_{i}", nn.Linear(layers[i], layers[i + 1])))  # INI101
            parts.append((f"activation_{i}", nn.Tanh()))
        parts.append((f"layer_{len(layers) - 2}", nn.Linear(layers[-2], layers[-1])))
        self.layers = nn.Sequential(OrderedDict(parts))

    def forward(self, x):
        return self.layers(x)
