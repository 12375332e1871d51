import torch
import torch.nn as nn


class Pixels(nn.Module):
    def __init__(self, actions=6):
        super().__init__()
        self.conv = nn.Conv2d(4, 32, 8, stride=4)
        self.head = nn.Linear(32, actions)
        nn.init.normal_(self.conv.weight)  # INI302

    def forward(self, frames):
        x = torch.relu(self.conv(frames / 255.0))
        return self.head(x.amax((2, 3)))
