"""The same, scaled; queries on the left of a product, and slots that a softmax averages."""

import torch
import torch.nn as nn


class Projections(nn.Module):
    def __init__(self, sizes, out):
        super().__init__()
        self.weights = nn.ParameterDict({
            name: nn.Parameter(torch.randn(size, out) * size**-0.5)
            for name, size in sizes.items()
        })
        self.norm = nn.LayerNorm(out)

    def forward(self, features):
        return {name: self.norm(x @ self.weights[name]) for name, x in features.items()}


class Memory(nn.Module):
    def __init__(self, dim=512, slots=64):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(slots, dim))
        self.slots = nn.Parameter(torch.randn(slots, dim))
        self.address = nn.Linear(dim, slots)

    def forward(self, x):
        seen = torch.matmul(self.queries, x.transpose(1, 2)).softmax(-1) @ x
        return seen, self.address(x).softmax(-1) @ self.slots


projections = Projections({"author": 334, "paper": 4231}, 128)
memory = Memory()
