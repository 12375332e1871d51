import math

import torch
import torch.nn as nn


class RetinaNetHead(nn.Module):
    def __init__(self, channels=256, anchors=9, classes=80, prior=0.01):
        super().__init__()
        conv = []
        for _ in range(4):
            conv.append(nn.Conv2d(channels, channels, kernel_size=3, stride=1, padding=1))
            conv.append(nn.ReLU())
        self.conv = nn.Sequential(*conv)
        self.cls_logits = nn.Conv2d(channels, anchors * classes, kernel_size=3, padding=1)
        self.bbox_reg = nn.Conv2d(channels, anchors * 4, kernel_size=3, padding=1)
        for layer in self.conv.children():
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, std=0.01)
                nn.init.constant_(layer.bias, 0)
        for head in (self.cls_logits, self.bbox_reg):
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
        nn.init.constant_(self.cls_logits.bias, -math.log((1 - prior) / prior))

    def forward(self, x):
        x = self.conv(x)
        return torch.sigmoid(self.cls_logits(x)), self.bbox_reg(x)
