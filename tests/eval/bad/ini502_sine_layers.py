import torch
import torch.nn as nn


class Sine(nn.Module):
    def __init__(self, w0=30.0):
        super().__init__()
        self.w0 = w0

    def forward(self, x):
        return torch.sin(self.w0 * x)


class INR(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 256),  # INI502
            Sine(),
            nn.Linear(256, 256),
            Sine(),
            nn.Linear(256, 3),
        )

    def forward(self, coords):
        return self.net(coords)
