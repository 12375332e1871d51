# select: INI410
import copy

import torch
import torch.nn as nn


class FeedForward(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.a = nn.Linear(dim, dim)  # INI410
        self.b = nn.Linear(dim, dim)  # INI410

    def forward(self, x):
        return x + self.b(torch.relu(self.a(self.norm(x))))


class Stack(nn.Module):
    def __init__(self, dim=256, depth=4):
        super().__init__()
        block = FeedForward(dim)
        self.layers = nn.ModuleList([copy.deepcopy(block) for _ in range(depth)])
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return torch.log_softmax(self.head(x), dim=-1)


model = Stack()
