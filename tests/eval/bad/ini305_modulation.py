import torch
import torch.nn as nn


class Scale(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Linear(dim, dim), nn.Tanh())
        self.out = nn.Linear(dim, dim)
        nn.init.normal_(self.net[2].weight, std=0.001)  # INI305

    def forward(self, x):
        return self.out(self.net(x))


scale = Scale()
