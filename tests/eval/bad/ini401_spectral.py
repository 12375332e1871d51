import torch.nn as nn
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Module):
    def __init__(self, channels=64):
        super().__init__()
        self.conv1 = spectral_norm(nn.Conv2d(3, channels, 4, 2, 1))
        self.conv2 = spectral_norm(nn.Conv2d(channels, channels * 2, 4, 2, 1))
        self.head = nn.Linear(channels * 2, 1)
        for conv in (self.conv1, self.conv2):
            nn.init.orthogonal_(conv.weight)  # INI401
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.conv1(x), 0.1)
        x = nn.functional.leaky_relu(self.conv2(x), 0.1)
        return self.head(x.sum(dim=(2, 3)))
