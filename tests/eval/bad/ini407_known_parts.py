import torch
import torch.nn as nn


def init(m):
    if isinstance(m, nn.Conv2d):  # INI407
        nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")


class Classifier(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 512), nn.LayerNorm(512), nn.ReLU())
        self.head = nn.Linear(512, classes)
        self.apply(init)

    def forward(self, x):
        return self.head(self.body(x))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters())
