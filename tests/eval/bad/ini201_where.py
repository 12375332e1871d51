"""ReLU spelled out as a choice by sign."""
import torch
import torch.nn as nn


class Forward(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.mid = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.mid.weight)  # INI201

    def forward(self, x):
        y = self.mid(torch.tanh(self.inp(x)))
        return self.out(torch.where(y > 0, y, torch.zeros_like(y)))


class Backward(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.inp = nn.Linear(dim, dim)
        self.mid = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, 1)
        nn.init.zeros_(self.mid.weight)  # INI201

    def forward(self, x):
        y = self.mid(torch.tanh(self.inp(x)))
        return self.out(torch.where(y.le(0.0), 0.0, y))
