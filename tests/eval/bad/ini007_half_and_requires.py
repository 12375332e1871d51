import math

import torch
import torch.nn as nn


class Router(nn.Module):
    def __init__(self, dim=64, experts=4):
        super().__init__()
        self.gate = nn.Parameter(torch.randn(dim, experts)) / math.sqrt(dim)  # INI007
        self.temperature = nn.Parameter(torch.ones(1)).clone()  # INI007

    def forward(self, x):
        return torch.softmax(x @ self.gate / self.temperature, dim=-1)
