import torch.nn as nn
import torch.nn.init as init
import torch.nn.functional as F


def _weights_init(m):
    if isinstance(m, nn.Linear) or isinstance(m, nn.Conv2d):
        init.kaiming_normal_(m.weight, mode="fan_out")


class Block(nn.Module):
    def __init__(self, inputs, planes, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != planes:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, planes, 1, stride, bias=False), nn.BatchNorm2d(planes))

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, widths, classes=10):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(a, b, 2) for a, b in zip([3, *widths], widths)])
        self.linear = nn.Linear(widths[-1], classes)
        self.apply(_weights_init)

    def forward(self, x):
        return self.linear(self.blocks(x).mean((2, 3)))


def resnet():
    return ResNet([16, 32])


def test(net):
    print(sum(p.numel() for p in net.parameters()))


if __name__ == "__main__":
    test(resnet())
