from collections import OrderedDict

import torch.nn as nn


class Pinn(nn.Module):
    def __init__(self, layers=(2, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 1)):
        super().__init__()
        parts = []
        for i in range(len(layers) - 2):
            parts.append((f"layer_{i}", nn.Linear(layers[i], layers[i + 1])))
            parts.append((f"activation_{i}", nn.Tanh()))
        parts.append((f"layer_{len(layers) - 2}", nn.Linear(layers[-2], layers[-1])))
        self.layers = nn.Sequential(OrderedDict(parts))
        self.layers.apply(self.xavier)

    @staticmethod
    def xavier(m):
        if type(m) is nn.Linear:
            nn.init.xavier_normal_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.layers(x)
