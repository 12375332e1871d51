import torch
import torch.nn as nn


class Convex(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.inner = nn.Linear(dim, dim, bias=False)
        self.outer = nn.Linear(dim, 1)
        nn.init.uniform_(self.inner.weight, 0, 0.1)  # INI303

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))

    def clip(self):
        for p in self.parameters():
            p.data.clamp_(-0.01, 0.01)
