import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class EqualLinear(nn.Module):
    def __init__(self, in_dim, out_dim, lr_mul=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_dim, in_dim).div_(lr_mul))
        self.bias = nn.Parameter(torch.zeros(out_dim))
        self.scale = (1 / math.sqrt(in_dim)) * lr_mul
        self.lr_mul = lr_mul

    def forward(self, x):
        return F.linear(x, self.weight * self.scale, bias=self.bias * self.lr_mul)


class WSConv2d(nn.Module):
    def __init__(self, inp, out, kernel=3, gain=2):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, kernel, padding=1)
        self.scale = (gain / (inp * kernel**2)) ** 0.5
        self.bias = self.conv.bias
        self.conv.bias = None
        nn.init.normal_(self.conv.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        return self.conv(x * self.scale) + self.bias.view(1, -1, 1, 1)


class Mapping(nn.Module):
    def __init__(self, dim=512, depth=8):
        super().__init__()
        self.layers = nn.ModuleList(EqualLinear(dim, dim, lr_mul=0.01) for _ in range(depth))
        self.conv = WSConv2d(64, 64)

    def forward(self, z, image):
        for layer in self.layers:
            z = F.leaky_relu(layer(z), 0.2)
        return z, F.leaky_relu(self.conv(image), 0.2)
