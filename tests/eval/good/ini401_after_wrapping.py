"""The pass leaves out what is wrapped, by the attributes that each wrapper adds."""

import torch.nn as nn
import torch.nn.utils as utils
from torch.nn.utils.parametrizations import weight_norm


def init_plain(m):
    if isinstance(m, nn.Linear) and not hasattr(m, "parametrizations") and not hasattr(m, "weight_v"):
        nn.init.trunc_normal_(m.weight, std=0.02)
        nn.init.zeros_(m.bias)


class Projection(nn.Module):
    def __init__(self, dim=256, prototypes=1024):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(dim, 512), nn.GELU(), nn.Linear(512, 128))
        self.last = weight_norm(nn.Linear(128, prototypes, bias=False))
        self.aside = utils.weight_norm(nn.Linear(128, prototypes, bias=False))
        self.apply(init_plain)

    def forward(self, x):
        x = nn.functional.normalize(self.mlp(x), dim=-1)
        return self.last(x), self.aside(x)
