import torch.nn as nn
import torch.nn.functional as F


class CrossAttention(nn.Module):
    """Xavier on the projections; the feed-forward part is inside a residual branch."""

    def __init__(self, dim=256, heads=8):
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(dim, dim)
        self.k_proj = nn.Linear(dim, dim)
        self.v_proj = nn.Linear(dim, dim)
        self.out_proj = nn.Linear(dim, dim)
        self.linear1 = nn.Linear(dim, 1024)
        self.linear2 = nn.Linear(1024, dim)
        self.norm1 = nn.LayerNorm(dim)
        self.norm2 = nn.LayerNorm(dim)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, x, memory):
        b, n, d = x.shape
        q = self.q_proj(x).view(b, n, self.heads, -1).transpose(1, 2)
        k = self.k_proj(memory).view(b, -1, self.heads, d // self.heads).transpose(1, 2)
        v = self.v_proj(memory).view(b, -1, self.heads, d // self.heads).transpose(1, 2)
        weights = F.softmax(q @ k.transpose(-2, -1) / (d // self.heads) ** 0.5, dim=-1)
        x = self.norm1(x + self.out_proj((weights @ v).transpose(1, 2).reshape(b, n, d)))
        return self.norm2(x + self.linear2(F.relu(self.linear1(x))))
