import torch
import torch.nn as nn
import torchvision


class Detector(nn.Module):
    def __init__(self, classes=3, pretrained=False):
        super().__init__()
        self.backbone = torchvision.models.resnet18(weights="DEFAULT")
        self.backbone.fc = nn.Identity()
        self.head = nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, classes))
        self.head.apply(self._init)
        self.other = torchvision.models.resnet18(pretrained=pretrained)
        for m in self.other.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")

    def _init(self, m):
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.backbone(x)) + self.other(x).mean()


def resume(path):
    model = Detector()
    model.load_state_dict(torch.load(path))
    nn.init.zeros_(model.head[2].weight)
    return model
