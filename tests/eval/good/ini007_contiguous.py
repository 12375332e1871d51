import torch
import torch.nn as nn


class Tokens(nn.Module):
    def __init__(self, n=8, dim=64):
        super().__init__()
        self.tokens = nn.Parameter(torch.randn(1, n, dim) * 0.02).contiguous()
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        return self.proj(torch.cat([self.tokens.expand(x.shape[0], -1, -1), x], dim=1))
