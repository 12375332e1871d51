import torch
import torch.nn as nn


class Coupling(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.spread = (4 / dim) ** 0.5
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 4)
        nn.init.normal_(self.hidden.weight, std=self.spread)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))
