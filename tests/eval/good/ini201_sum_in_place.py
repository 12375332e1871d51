"""Sums in place, as statements of their own: the zero layers end residual branches."""
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        nn.init.zeros_(self.bn.weight)

    def forward(self, x):
        out = self.bn(self.conv2(self.relu(self.conv1(x))))
        out.add_(x)
        return self.relu(out)


class Adapter(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.delta = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.delta.weight)

    def forward(self, x, scale=None):
        h = self.inp(x)
        y = self.delta(h)
        if scale is not None:
            y.mul_(scale)
        y.add_(h)
        torch.relu_(y)
        return self.out(y)
