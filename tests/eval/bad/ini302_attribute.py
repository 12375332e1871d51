import torch
import torch.nn as nn


class Coupling(nn.Module):
    SPREAD = 0.8

    def __init__(self, dim=128):
        super().__init__()
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 4)
        nn.init.normal_(self.hidden.weight, std=self.SPREAD)  # INI302

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))
