import torch
import torch.nn as nn
import torch.nn.functional as F


class Dense(nn.Module):
    """Equalised learning rate: the scale is applied at run time."""

    def __init__(self, inputs=256, outputs=64):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = inputs**-0.5

    def forward(self, x):
        return F.relu(F.linear(x, self.weight * self.scale, self.bias))
