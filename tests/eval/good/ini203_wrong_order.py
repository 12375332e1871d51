import torch.nn as nn


class Block(nn.Module):
    def __init__(self, ch=64):
        super().__init__()
        self.conv = nn.Conv2d(ch, ch, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(ch)
        self.relu = nn.ReLU(inplace=True)
        nn.init.constant_(self.bn.weight, 0)

    def forward(self, x):
        return self.relu(x + self.bn(self.conv(x)))
