import torch
import torch.nn as nn


class SineLayer(nn.Module):
    def __init__(self, in_features, out_features, omega_0=30):
        super().__init__()
        self.omega_0 = omega_0
        self.linear = nn.Linear(in_features, out_features)  # INI502

    def forward(self, x):
        return torch.sin(self.omega_0 * self.linear(x))


class Siren(nn.Module):
    def __init__(self, hidden=128, layers=3):
        super().__init__()
        self.net = nn.Sequential(SineLayer(2, hidden), *[SineLayer(hidden, hidden) for _ in range(layers)])
        self.out = nn.Linear(hidden, 1)

    def forward(self, coords):
        return self.out(self.net(coords))
