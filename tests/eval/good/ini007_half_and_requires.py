import math

import torch
import torch.nn as nn


class Router(nn.Module):
    def __init__(self, dim=64, experts=4):
        super().__init__()
        self.gate = nn.Parameter(torch.randn(dim, experts) / math.sqrt(dim))
        self.temperature = nn.Parameter(torch.ones(1).clone())

    def forward(self, x):
        return torch.softmax(x @ self.gate / self.temperature, dim=-1)
