import torch
import torch.nn as nn
import torch.nn.functional as F


class Bilinear(nn.Module):
    def __init__(self, dim=64, rank=32):
        super().__init__()
        self.u = nn.Parameter(torch.rand(rank, dim))  # INI303
        self.out = nn.Linear(rank, 1)

    def forward(self, x):
        return self.out(F.relu(F.linear(x, self.u)))
