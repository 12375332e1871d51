import torch.nn as nn
from torchvision.models import ResNet50_Weights, resnet50


class Detector(nn.Module):
    def __init__(self, classes=20):
        super().__init__()
        self.backbone = resnet50(weights=ResNet50_Weights.DEFAULT)
        self.lateral = nn.Conv2d(2048, 256, 1)
        self.predict = nn.Conv2d(256, classes, 1)
        for m in self.modules():  # INI405
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, features):
        return self.predict(self.lateral(features).relu())
