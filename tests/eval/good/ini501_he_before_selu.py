import torch.nn as nn
import torch.nn.functional as F


class SNN(nn.Module):
    def __init__(self, dim=200):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(6)])
        self.out = nn.Linear(dim, 2)
        for layer in self.layers:
            nn.init.normal_(layer.weight, 0, dim**-0.5)

    def forward(self, x):
        for layer in self.layers:
            x = F.selu(layer(x))
        return self.out(x)
