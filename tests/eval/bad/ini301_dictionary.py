"""One projection for each kind of node; the features come as a dictionary."""

import torch
import torch.nn as nn


class Projections(nn.Module):
    def __init__(self, sizes, out):
        super().__init__()
        self.weights = nn.ParameterDict({
            name: nn.Parameter(torch.randn(size, out))  # INI301
            for name, size in sizes.items()
        })
        self.norm = nn.LayerNorm(out)

    def forward(self, features):
        return {name: self.norm(x @ self.weights[name]) for name, x in features.items()}


projections = Projections({"author": 334, "paper": 4231}, 128)
