"""The old spectral_norm keeps sharing memory with the weight until the first forward."""

import torch.nn as nn
from torch.nn.utils import remove_weight_norm, spectral_norm, weight_norm


class Discriminator(nn.Module):
    def __init__(self, channels=64):
        super().__init__()
        self.conv1 = spectral_norm(nn.Conv2d(3, channels, 4, 2, 1))
        self.conv2 = weight_norm(nn.Conv2d(channels, channels * 2, 4, 2, 1))
        self.head = nn.Linear(channels * 2, 1)
        nn.init.orthogonal_(self.conv1.weight)
        remove_weight_norm(self.conv2)
        nn.init.orthogonal_(self.conv2.weight)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.conv1(x), 0.1)
        x = nn.functional.leaky_relu(self.conv2(x), 0.1)
        return self.head(x.sum(dim=(2, 3)))
