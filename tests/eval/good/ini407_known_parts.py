"""The convolutions are in a part that comes from elsewhere."""

import timm
import torch
import torch.nn as nn
from backbones import Trunk


def init(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")


class Classifier(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.body = timm.create_model("resnet18", pretrained=False, num_classes=0)
        self.head = nn.Linear(512, classes)
        self.apply(init)

    def forward(self, x):
        return self.head(self.body(x))


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = Trunk(512)
        self.head = nn.Linear(512, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.head(self.trunk(x))


models = Classifier(), Regressor()
optimizer = torch.optim.Adam(models[0].parameters())
