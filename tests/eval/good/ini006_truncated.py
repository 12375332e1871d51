import torch
import torch.nn as nn
from torch.nn.init import trunc_normal_


class PatchEmbed(nn.Module):
    def __init__(self, patches=196, dim=192):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, 16, stride=16)
        self.norm = nn.BatchNorm1d(dim)
        self.pos_embed = nn.Parameter(torch.zeros(1, patches, dim))
        trunc_normal_(self.pos_embed, std=0.02)
        nn.init.normal_(self.norm.weight, 1.0, 0.02)

    def forward(self, x):
        x = self.proj(x).flatten(2)
        return self.norm(x).transpose(1, 2) + self.pos_embed
