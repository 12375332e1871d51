import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class RetinaHead(nn.Module):
    def __init__(self, ch=256, anchors=9, classes=80, prior=0.01):
        super().__init__()
        cls, box = [], []
        for _ in range(4):
            cls += [nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU()]
            box += [nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU()]
        self.cls_subnet, self.box_subnet = nn.Sequential(*cls), nn.Sequential(*box)
        self.cls_score = nn.Conv2d(ch, anchors * classes, 3, padding=1)
        self.bbox_pred = nn.Conv2d(ch, anchors * 4, 3, padding=1)
        for m in (self.cls_subnet, self.box_subnet, self.cls_score, self.bbox_pred):
            for layer in m.modules():
                if isinstance(layer, nn.Conv2d):
                    nn.init.normal_(layer.weight, mean=0, std=0.01)
                    nn.init.constant_(layer.bias, 0)
        nn.init.constant_(self.cls_score.bias, -math.log((1 - prior) / prior))

    def forward(self, feats):
        return [(self.cls_score(self.cls_subnet(f)), self.bbox_pred(self.box_subnet(f))) for f in feats]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.p3, self.p4 = nn.Conv2d(3, 256, 8, 8), nn.Conv2d(3, 256, 16, 16)
        self.head = RetinaHead()

    def forward(self, x):
        return self.head([self.p3(x), self.p4(x)])


net = Detector()
opt = torch.optim.SGD(net.parameters(), 0.01)
out = net(torch.randn(1, 3, 64, 64))
sum(a.mean() + b.mean() for a, b in out).backward()
opt.step()
