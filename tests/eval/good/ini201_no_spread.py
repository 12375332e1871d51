"""A range of no width fills a head with zeros; it is no draw of positive numbers."""

import math

import torch
import torch.nn as nn


def uniform_init(given_scale):
    def fill(m):
        if isinstance(m, nn.Linear):
            limit = math.sqrt(3 * given_scale * 2 / (m.in_features + m.out_features))
            nn.init.uniform_(m.weight, a=-limit, b=limit)

    return fill


class Net(nn.Module):
    def __init__(self, outscale=0.0):
        super().__init__()
        self.hidden = nn.Linear(8, 8)
        self.out = nn.Linear(8, 2)
        self.out.apply(uniform_init(outscale))

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


net = Net()
