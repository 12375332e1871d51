import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, width=128, depth=8):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))  # INI101
        self.act = nn.ReLU()
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        for layer in self.layers:
            x = self.act(layer(x))
        return self.out(x)


class Model(nn.Module):
    """Initialises its heads, not the towers."""

    def __init__(self):
        super().__init__()
        self.left = Tower()
        self.gate = nn.Linear(128, 1)
        nn.init.normal_(self.gate.weight, std=0.01)

    def forward(self, x):
        return self.left(x), self.gate(x)
