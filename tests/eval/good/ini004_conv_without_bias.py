import torch.nn as nn


class ResBlock(nn.Module):
    def __init__(self, inplanes=64, planes=64, bias=False):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, padding=1, bias=bias)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self._init()

    def _init(self):
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out", nonlinearity="relu")
        if self.conv1.bias is not None:
            nn.init.constant_(self.conv1.bias, 0)

    def forward(self, x):
        return self.relu(self.bn1(self.conv1(x)))
