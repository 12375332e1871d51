import torch
import torch.nn as nn
from torch.nn.init import trunc_normal_


class PatchEmbed(nn.Module):
    def __init__(self, patches=196, dim=192):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, 16, stride=16)
        self.pos_embed = nn.Parameter(torch.zeros(1, patches, dim))
        trunc_normal_(self.pos_embed, 0.02)  # INI006

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2) + self.pos_embed
