"""An init function shared by nets that do not hold every class it knows."""

import torch.nn as nn


def initialize(net):
    for m in net.modules():
        if isinstance(m, nn.Conv1d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, std=0.01)


class WaveNetLite(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.front = nn.Conv1d(1, channels, 1)
        self.norm = nn.BatchNorm1d(channels)
        self.out = nn.Conv1d(channels, 256, 1)
        initialize(self)

    def forward(self, x):
        return self.out(self.norm(self.front(x)).relu())
