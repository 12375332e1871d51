"""The first batch fills the parameter, in forward."""

import torch
import torch.nn as nn


class ActNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.loc = nn.Parameter(torch.empty(1, dim))
        self.ready = False

    def forward(self, x):
        if not self.ready:
            self.loc.data.copy_(-x.mean(0, keepdim=True))
            self.ready = True
        return x + self.loc


norm = ActNorm(8)
optimizer = torch.optim.SGD(norm.parameters(), lr=0.1)
