import torch
import torch.nn as nn
import torch.nn.functional as F


class SplitGate(nn.Module):
    """Channel attention in groups: one share decides by a sigmoid, several by a softmax over them."""

    def __init__(self, channels, groups=4, radix=1):
        super().__init__()
        self.radix, self.channels = radix, channels
        self.conv = nn.Conv2d(channels, channels * radix, 3, padding=1, groups=groups * radix, bias=False)
        self.bn0 = nn.BatchNorm2d(channels * radix)
        self.fc1 = nn.Conv2d(channels, channels // 4, 1, groups=groups)
        self.bn1 = nn.BatchNorm2d(channels // 4)
        self.fc2 = nn.Conv2d(channels // 4, channels * radix, 1, groups=groups)

    def forward(self, x):
        x = F.relu(self.bn0(self.conv(x)))
        batch, _, height, width = x.shape
        parts = x.view(batch, self.radix, self.channels, height, width)
        gate = self.fc2(F.relu(self.bn1(self.fc1(parts.sum(1).mean((2, 3), keepdim=True)))))
        if self.radix == 1:
            return x * torch.sigmoid(gate)
        shares = torch.softmax(gate.view(batch, self.radix, self.channels, 1, 1), dim=1)
        return (parts * shares).sum(1)


class Net(nn.Module):
    def __init__(self, radix):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(64)
        self.block = SplitGate(64, radix=radix)
        self.head = nn.Linear(64, 10)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.head(self.block(F.relu(self.bn(self.stem(x)))).mean((2, 3)))


def small():
    return Net(1)


def split():
    return Net(2)
