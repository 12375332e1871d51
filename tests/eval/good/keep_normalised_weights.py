import torch
import torch.nn as nn
import torch.nn.functional as F


class ArcFace(nn.Module):
    def __init__(self, dim=512, classes=1000, s=64.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, dim))
        self.s = s

    def forward(self, x):
        return F.linear(F.normalize(x), F.normalize(self.weight)) * self.s


class StdConv2d(nn.Conv2d):
    def forward(self, x):
        w = self.weight
        w = (w - w.mean((1, 2, 3), keepdim=True)) / (w.std((1, 2, 3), keepdim=True) + 1e-5)
        return F.conv2d(x, w, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = StdConv2d(3, 64, 3, padding=1)
        nn.init.normal_(self.conv.weight)
        self.mixing = nn.Parameter(torch.rand(64, 64))
        self.head = ArcFace(64)

    def forward(self, x):
        x = F.relu(self.conv(x)).mean((2, 3))
        return self.head(x @ self.mixing.softmax(dim=0))
