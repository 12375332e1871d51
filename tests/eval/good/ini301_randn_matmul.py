import math

import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, dim=256):
        super().__init__()
        self.w_q = nn.Parameter(torch.randn(dim, dim) / math.sqrt(dim))
        self.w_k = nn.Parameter(torch.randn(dim, dim) * dim ** -0.5)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        x = self.norm(x)
        q = torch.matmul(x, self.w_q)
        k = x @ self.w_k
        return (q @ k.transpose(-2, -1)).softmax(-1) @ x
