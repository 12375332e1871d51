import torch
import torch.nn as nn


class Sine(nn.Module):
    """w0 of 1 is an ordinary activation."""

    def __init__(self, w0=1.0):
        super().__init__()
        self.w0 = w0

    def forward(self, x):
        return torch.sin(self.w0 * x)


class INR(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 256),
            Sine(),
            nn.Linear(256, 256),
            Sine(),
            nn.Linear(256, 3),
        )

    def forward(self, coords):
        return self.net(coords)
