"""Missing parameters that are asked for first."""

import torch.nn as nn


class Mixed(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, channels, 3, bias=False),
            nn.BatchNorm2d(channels, affine=False),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1),
        )
        for m in self.layers:
            if hasattr(m, "bias") and m.bias is not None:
                nn.init.zeros_(m.bias)
            try:
                nn.init.kaiming_normal_(m.weight)
            except (AttributeError, ValueError):
                pass

    def forward(self, x):
        return self.layers(x)
