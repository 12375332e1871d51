import torch
import torch.nn as nn


class Heads(nn.Module):
    def __init__(self, dim, heads, head_dim=64):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.wq = nn.Parameter(torch.randn(dim, heads, head_dim))  # INI301
        self.to_k = nn.Linear(dim, head_dim)

    def forward(self, x):
        x = self.norm(x)
        q = torch.einsum("bnd,dhe->bhne", x, self.wq)
        return torch.einsum("bhne,bme->bhnm", q, self.to_k(x)).softmax(-1)
