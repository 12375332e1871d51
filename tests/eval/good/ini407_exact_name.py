import math

import torch.nn as nn


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.ln = nn.LayerNorm(dim)
        self.c_fc = nn.Linear(dim, 4 * dim)
        self.c_proj = nn.Linear(4 * dim, dim)

    def forward(self, x):
        return x + self.c_proj(nn.functional.gelu(self.c_fc(self.ln(x))))


class Stack(nn.Module):
    def __init__(self, dim=64, depth=4):
        super().__init__()
        self.h = nn.ModuleList([Block(dim) for _ in range(depth)])
        for name, p in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * depth))

    def forward(self, x):
        for block in self.h:
            x = block(x)
        return x
