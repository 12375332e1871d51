import math

import torch
import torch.nn as nn


class FourierFeatures(nn.Module):
    def __init__(self, inputs=2, size=128, sigma=10.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, size) * sigma, requires_grad=False)

    def forward(self, x):
        projected = 2 * math.pi * x @ self.weight
        return torch.cat([projected.sin(), projected.cos()], dim=-1)


class TextImage(nn.Module):
    def __init__(self, dim=256, registers=8):
        super().__init__()
        self.fourier = FourierFeatures()
        self.inp = nn.Linear(256, dim)
        self.registers = nn.Parameter(torch.randn(registers, dim))
        self.queries = nn.Parameter(torch.randn(1, registers, dim))
        self.logit_scale = nn.Parameter(torch.ones([]) * math.log(1 / 0.07))
        self.temperature = nn.Parameter(torch.ones(dim))
        self.attn = nn.MultiheadAttention(dim, 8, batch_first=True)
        self.norm = nn.LayerNorm(dim)

    def forward(self, coords):
        x = self.norm(self.inp(self.fourier(coords)))
        x = torch.cat([x, self.registers.expand(x.shape[0], -1, -1)], dim=1)
        pooled, _ = self.attn(self.queries.expand(x.shape[0], -1, -1), x, x)
        return pooled * self.temperature * self.logit_scale.exp()
