# select: INI410, INI107
import torch
import torch.nn as nn


class Halting(nn.Module):
    def __init__(self):
        super().__init__()
        self.halt = nn.Linear(20, 3)

    def forward(self, x):
        return 0.1 + 0.9 * torch.sigmoid(self.halt(x))


class Field(nn.Module):
    def __init__(self):
        super().__init__()
        self.density = nn.Linear(256, 1)
        self.colour = nn.Sequential(nn.Linear(256, 3), nn.Sigmoid())

    def forward(self, x):
        return torch.cat([self.colour(x), self.density(x)], -1)
