# select: INI410
"""What the copies were made of is gone; only they are part of the model. A head may keep its default."""

import copy

import torch
import torch.nn as nn


class FeedForward(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.a = nn.Linear(dim, dim)
        self.b = nn.Linear(dim, dim)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(self.norm(x))))


class Stack(nn.Module):
    def __init__(self, dim=256, depth=4):
        super().__init__()
        block = FeedForward(dim)
        self.layers = nn.ModuleList([copy.deepcopy(block) for _ in range(depth)])
        for p in self.layers.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return torch.log_softmax(self.head(x), dim=-1)


model = Stack()
