"""Activations in place, as statements of their own: the zero layers stand before them."""
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(channels)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.bn.weight)  # INI203

    def forward(self, x):
        h = self.conv1(x)
        h.relu_()
        h = self.bn(self.conv2(h))
        h.relu_()
        return self.out(h)


class Adapter(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.delta = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.delta.weight)  # INI201

    def forward(self, x):
        h = self.inp(x)
        y = self.delta(h)
        torch.relu_(y)
        return self.out(y)
