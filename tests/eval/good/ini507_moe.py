import torch
import torch.nn as nn
import torch.nn.functional as F


class MoE(nn.Module):
    def __init__(self, experts=8, dim=256, hidden=1024):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(experts, dim, hidden))
        self.w2 = nn.Parameter(torch.empty(experts, hidden, dim))
        for e in range(experts):
            nn.init.xavier_uniform_(self.w1[e])
            nn.init.xavier_uniform_(self.w2[e])

    def forward(self, x):
        h = F.gelu(torch.einsum("etd,edh->eth", x, self.w1))
        return torch.einsum("eth,ehd->etd", h, self.w2)
