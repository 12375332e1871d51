# select: INI409
import copy

import torch.nn as nn


class Layer(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return x + self.fc(self.norm(x)).relu()


class Encoder(nn.Module):
    def __init__(self, dim=64, depth=6):
        super().__init__()
        layer = Layer(dim)
        self.layers = nn.ModuleList([copy.deepcopy(layer) for _ in range(depth)])
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Teacher(nn.Module):
    """A momentum copy is meant to be equal."""

    def __init__(self):
        super().__init__()
        self.student = Encoder()
        self.teacher = copy.deepcopy(self.student)
        for p in self.teacher.parameters():
            p.requires_grad_(False)

    def forward(self, x):
        return self.student(x), self.teacher(x)
