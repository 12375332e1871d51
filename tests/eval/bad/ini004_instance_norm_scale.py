import torch.nn as nn


class StyleBlock(nn.Module):
    def __init__(self, channels=128):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.InstanceNorm2d(channels)
        self.act = nn.LeakyReLU(0.2)
        nn.init.kaiming_normal_(self.conv.weight, a=0.2)
        nn.init.ones_(self.norm.weight)  # INI004

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))
