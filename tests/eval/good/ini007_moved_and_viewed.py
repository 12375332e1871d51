import torch
import torch.nn as nn


class Memory(nn.Module):
    def __init__(self, slots=16, dim=64, device=None):
        super().__init__()
        self.keys = nn.Parameter(torch.randn(slots * dim).mul(0.1).view(slots, dim))
        self.values = nn.Parameter(torch.zeros(slots, dim)).to(device)
        raw = nn.Parameter(torch.ones(1))
        self.raw_scale = raw
        self.margin = raw.detach() * 2

    def forward(self, query):
        return torch.softmax(-self.raw_scale * query @ self.keys.T, dim=-1) @ self.values
