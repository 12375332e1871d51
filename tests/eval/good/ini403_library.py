"""A library file: whoever builds the layer fills it."""

import torch
import torch.nn as nn


class QuantLinear(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))

    def forward(self, x):
        return nn.functional.linear(x, self.weight)
