import torch.nn as nn
from torch.nn.utils.parametrizations import weight_norm


def init_plain(m):
    if isinstance(m, nn.Linear):
        nn.init.trunc_normal_(m.weight, std=0.02)  # INI401


class Projection(nn.Module):
    def __init__(self, dim=256, prototypes=1024):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(dim, 512), nn.GELU(), nn.Linear(512, 128))
        self.last = weight_norm(nn.Linear(128, prototypes, bias=False))
        self.apply(init_plain)

    def forward(self, x):
        return self.last(nn.functional.normalize(self.mlp(x), dim=-1))
