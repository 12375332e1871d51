import torch
import torch.nn as nn
import torch.nn.functional as F


class MoE(nn.Module):
    def __init__(self, experts=8, dim=256, hidden=1024):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(experts, dim, hidden))
        self.w2 = nn.Parameter(torch.empty(experts, hidden, dim))
        nn.init.xavier_uniform_(self.w1)  # INI507
        nn.init.xavier_uniform_(self.w2)  # INI507

    def forward(self, x):
        h = F.gelu(torch.einsum("etd,edh->eth", x, self.w1))
        return torch.einsum("eth,ehd->etd", h, self.w2)
