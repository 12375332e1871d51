import torch.nn as nn


class SkipConv(nn.Module):
    """A convolution that starts as the identity."""

    def __init__(self, channels=32):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.eye_(self.conv.weight)  # INI001
        nn.init.zeros_(self.conv.bias)

    def forward(self, x):
        return self.conv(x)
