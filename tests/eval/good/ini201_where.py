"""Choices by sign that let a zero layer move: with a slope, of another signal, by another's sign."""
import torch
import torch.nn as nn


class Leaky(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.mid = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.mid.weight)

    def forward(self, x):
        y = self.mid(torch.tanh(self.inp(x)))
        return self.out(torch.where(y > 0, y, 0.1 * y))


class Masked(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.mid = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.mid.weight)

    def forward(self, x):
        h = torch.tanh(self.inp(x))
        y = self.mid(h)
        return self.out(torch.where(h > 0, y, torch.zeros_like(y)))


class Other(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.mid = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.mid.weight)

    def forward(self, x):
        h = torch.tanh(self.inp(x))
        y = self.mid(h)
        return self.out(torch.where(y > 0, y, h))
