import torch
import torch.nn as nn


class PerHead(nn.Module):
    def __init__(self, heads=8, dim=64, head_dim=32):
        super().__init__()
        self.wq = nn.Parameter(torch.empty(heads, dim, head_dim))
        self.wk = nn.Parameter(torch.empty(heads, dim, head_dim))
        for p in (self.wq, self.wk):
            nn.init.xavier_uniform_(p)  # INI507

    def forward(self, x):
        q = torch.einsum("bnd,hde->bhne", x, self.wq)
        k = torch.einsum("bnd,hde->bhne", x, self.wk)
        return torch.softmax(q @ k.transpose(-1, -2) * q.size(-1) ** -0.5, -1)
