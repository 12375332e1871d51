import torch.nn as nn


def conv_bn(inp, oup, stride):
    conv = nn.Conv2d(inp, oup, 3, stride, 1, bias=False)
    nn.init.kaiming_normal_(conv.weight, 0, "fan_out")
    return nn.Sequential(conv, nn.BatchNorm2d(oup), nn.ReLU6(inplace=True))


class MobileStem(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv_bn(3, 32, 2), conv_bn(32, 64, 2))

    def forward(self, x):
        return self.features(x)
