import torch.nn as nn


class ToRGB(nn.Module):
    def __init__(self, channels=512):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.act = nn.LeakyReLU(0.2)
        self.rgb = nn.Conv2d(channels, 3, 1)
        nn.init.kaiming_normal_(self.conv.weight, a=nn.init.calculate_gain("leaky_relu", 0.2))  # INI009

    def forward(self, x):
        return self.rgb(self.act(self.conv(x)))
