import torch
import torch.nn as nn


class Flow(nn.Module):
    def __init__(self, dim=128, steps=20):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(steps)])
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight)  # INI508
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for layer in self.layers:
            x = x + torch.relu(layer(x))
        return self.out(x)
