import torch
import torch.nn as nn
import torch.nn.functional as F


class LayerScale(nn.Module):
    def __init__(self, dim, value=1e-5):
        super().__init__()
        self.gamma = nn.Parameter(value * torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)
        self.scale = LayerScale(dim)
        self.gate = nn.Parameter(torch.zeros(()))
        self.mix = nn.Linear(dim, dim)

    def forward(self, x):
        x = x + self.scale(self.fc2(F.gelu(self.fc1(self.norm(x)))))
        return x + self.gate * self.mix(x)


class Net(nn.Module):
    def __init__(self, dim=64, depth=24):
        super().__init__()
        self.blocks = nn.ModuleList([Block(dim) for _ in range(depth)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
