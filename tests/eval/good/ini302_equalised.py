import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Equalised(nn.Module):
    """The scale that the weight lacks is put on what goes in."""

    def __init__(self, channels=64, out=64):
        super().__init__()
        self.conv = nn.Conv2d(channels, out, 3, padding=1)
        nn.init.normal_(self.conv.weight)
        nn.init.zeros_(self.conv.bias)
        self.scale = math.sqrt(2 / (channels * 9))

    def forward(self, x):
        return F.leaky_relu(self.conv(x * self.scale), 0.2)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Equalised()
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        return self.head(self.conv(x).mean((2, 3)))


if __name__ == "__main__":
    print(Critic()(torch.randn(2, 64, 8, 8)))
