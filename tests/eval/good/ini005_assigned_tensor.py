import torch
import torch.nn as nn


class Probe(nn.Module):
    def __init__(self, dim=512, classes=10):
        super().__init__()
        self.head = nn.Linear(dim, classes)
        self.head.weight = nn.Parameter(torch.randn(classes, dim) * 0.01)
        self.head.bias = nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(x)
