"""The model's base may well initialise what the model builds."""

import torch.nn as nn
from house_models import PretrainedModel


class Block(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv_a = nn.Conv2d(inp, out, 3, padding=1)
        self.conv_b = nn.Conv2d(out, out, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.conv_b(self.relu(self.conv_a(x))))


class Encoder(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.blocks = nn.ModuleList([Block(1, 64), Block(64, 64), Block(64, 128), Block(128, 128)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Keypoints(PretrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.encoder = Encoder(config.sizes)
        self.post_init()
