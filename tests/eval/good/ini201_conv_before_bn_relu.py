import torch.nn as nn
import torch.nn.functional as F


class Stem(nn.Module):
    """Zero is the weight of the head."""

    def __init__(self, out=64):
        super().__init__()
        self.conv = nn.Conv2d(3, out, 7, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(out)
        self.fc = nn.Linear(out, 10)
        nn.init.constant_(self.fc.weight, 0)

    def forward(self, x):
        return self.fc(F.relu(self.bn(self.conv(x))).mean((2, 3)))
