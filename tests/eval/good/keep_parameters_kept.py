import torch
import torch.nn as nn


class Router(nn.Module):
    def __init__(self, dim=64, experts=4, device="cpu"):
        super().__init__()
        self.gate = nn.Parameter(torch.randn(dim, experts) * dim ** -0.5)
        self.temperature = nn.Parameter(torch.ones(1)).to(device)
        self.a = nn.Parameter(torch.zeros(1)).float()
        scale = nn.Parameter(torch.ones(1))
        self.scale = scale
        self.double_scale = scale * 2
        self.register_buffer("pos", nn.Parameter(torch.ones(3)) * 2)
        self.rewrapped = nn.Parameter(nn.Parameter(torch.ones(3)) * 2)

    def forward(self, x):
        return torch.softmax(x @ self.gate / (self.temperature + self.a), dim=-1) * self.scale
