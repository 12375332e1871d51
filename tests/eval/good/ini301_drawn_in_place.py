import torch
import torch.nn as nn


class Mixer(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.first = nn.Parameter(torch.empty(dim, dim).normal_().mul_(dim**-0.5))
        self.second = nn.Parameter(torch.FloatTensor(dim, dim).normal_(0, dim**-0.5))
        self.third = nn.Parameter(torch.normal(0.0, 1.0, size=(dim, dim)) / dim**0.5)

    def forward(self, x):
        x = torch.relu(x @ self.first)
        return torch.relu(torch.mm(x, self.second)) @ self.third
