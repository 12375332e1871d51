"""A convex function of its input: its weights stay positive while training."""

import torch
import torch.nn as nn


class Convex(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.inner = nn.Linear(dim, dim, bias=False)
        self.outer = nn.Linear(dim, 1)
        nn.init.uniform_(self.inner.weight, 0, 0.1)

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))

    def clip(self):
        self.inner.weight.data.clamp_(min=0)
