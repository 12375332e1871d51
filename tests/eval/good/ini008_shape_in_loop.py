"""The first axis of a weight, where it is the right one."""

import math

import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, channels=64):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)
        self.net = nn.Sequential(nn.Linear(channels, 256), nn.ReLU())
        self.mu = nn.Linear(256, 8)
        n = self.conv.weight.size(0) * self.conv.weight.size(2) * self.conv.weight.size(3)
        nn.init.normal_(self.conv.weight, 0, math.sqrt(2.0 / n))
        for m in self.net:
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, math.sqrt(2.0 / m.weight.shape[1]))
        fan_out = self.mu.weight.size(0)
        self.mu.weight.data.uniform_(-1 / math.sqrt(fan_out), 1 / math.sqrt(fan_out))

    def forward(self, x):
        return self.mu(self.net(self.norm(self.conv(x)).relu().mean(dim=(2, 3))))
