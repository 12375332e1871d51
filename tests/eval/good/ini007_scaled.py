import torch
import torch.nn as nn


class ClassAttention(nn.Module):
    def __init__(self, dim=384):
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, dim) * 0.02)
        self.norm = nn.LayerNorm(dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1)
        return self.proj(self.norm(x))
