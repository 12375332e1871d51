"""The same block: what is written reaches the tensors the weight is computed from."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.parametrizations import weight_norm


class ResBlock(nn.Module):
    def __init__(self, channels=128, kernel_size=3):
        super().__init__()
        self.convs = nn.ModuleList()
        for _ in range(3):
            conv = nn.Conv1d(channels, channels, kernel_size, padding=1)
            nn.init.normal_(conv.weight, 0.0, 0.01)
            self.convs.append(weight_norm(conv))
        self.last = weight_norm(nn.Conv1d(channels, channels, 1))
        self.last.weight = torch.randn(channels, channels, 1) * 0.01
        nn.init.ones_(self.last.parametrizations.weight.original0)

    def forward(self, x):
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, 0.1))
        return self.last(x)
