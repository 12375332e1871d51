"""A mixture of a handful of heads, and a codebook that signals are compared with."""

import torch
import torch.nn as nn


class Heads(nn.Module):
    def __init__(self, dim, heads, codes=512):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.mix = nn.Parameter(torch.randn(heads, heads))
        self.codebook = nn.Parameter(torch.randn(codes, 64))
        self.heads = heads

    def forward(self, attention, values):
        attention = torch.einsum("bhij,hg->bgij", attention, self.mix).softmax(-1)
        return attention @ values, torch.cdist(values, self.codebook).argmin(-1)
