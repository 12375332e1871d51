import torch
import torch.nn as nn
from torchvision import models


class UNet(nn.Module):
    def __init__(self, classes=1, pretrained=True):
        super().__init__()
        base = models.resnet34(pretrained=pretrained)
        self.encoder = nn.Sequential(*list(base.children())[:-2])
        self.up = nn.ConvTranspose2d(512, 64, 2, stride=2)
        self.norm = nn.BatchNorm2d(64)
        self.final = nn.Conv2d(64, classes, 1)
        self._init_decoder()

    def _init_decoder(self):
        for module in (self.up, self.norm, self.final):
            for m in module.modules():
                if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                    nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.final(self.norm(self.up(self.encoder(x))).relu())
