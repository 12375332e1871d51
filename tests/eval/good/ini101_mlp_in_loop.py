import torch.nn as nn


class Regressor(nn.Module):
    """As deep, with a norm in every layer: nothing to initialise."""

    def __init__(self, in_dim=32, hidden=256, depth=9, out_dim=1):
        super().__init__()
        layers = [nn.Linear(in_dim, hidden), nn.LayerNorm(hidden), nn.ReLU()]
        for _ in range(depth - 1):
            layers.append(nn.Linear(hidden, hidden))
            layers.append(nn.LayerNorm(hidden))
            layers.append(nn.ReLU(inplace=True))
        layers.append(nn.Linear(hidden, out_dim))
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)
