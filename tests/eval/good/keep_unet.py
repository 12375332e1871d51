import torch
import torch.nn as nn


def double_conv(inp, out):
    return nn.Sequential(
        nn.Conv2d(inp, out, 3, padding=1), nn.ReLU(inplace=True),
        nn.Conv2d(out, out, 3, padding=1), nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    """Two convolutions between joins: no run is long."""

    def __init__(self, classes=2):
        super().__init__()
        self.down1, self.down2, self.down3 = double_conv(3, 32), double_conv(32, 64), double_conv(64, 128)
        self.up2, self.up1 = double_conv(192, 64), double_conv(96, 32)
        self.pool = nn.MaxPool2d(2)
        self.upsample = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.last = nn.Conv2d(32, classes, 1)

    def forward(self, x):
        d1 = self.down1(x)
        d2 = self.down2(self.pool(d1))
        d3 = self.down3(self.pool(d2))
        u2 = self.up2(torch.cat([self.upsample(d3), d2], dim=1))
        u1 = self.up1(torch.cat([self.upsample(u2), d1], dim=1))
        return self.last(u1)
