import torch
import torch.nn as nn
import torch.nn.functional as F


class Field(nn.Module):
    def __init__(self, depth=8, width=256, position=63, direction=27):
        super().__init__()
        self.points = nn.ModuleList(
            [nn.Linear(position, width)] + [nn.Linear(width, width) for _ in range(depth - 1)]  # INI101
        )
        self.sigma = nn.Linear(width, 1)
        self.feature = nn.Linear(width, width)
        self.view = nn.Linear(width + direction, width // 2)
        self.rgb = nn.Linear(width // 2, 3)

    def forward(self, x, d):
        h = x
        for layer in self.points:
            h = F.relu(layer(h))
        sigma = self.sigma(h)
        h = F.relu(self.view(torch.cat([self.feature(h), d], -1)))
        return torch.sigmoid(self.rgb(h)), sigma
