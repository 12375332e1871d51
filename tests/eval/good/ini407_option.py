"""A filter for what the class holds when asked to, and one pass over two models of which one holds it."""

import torch.nn as nn


class Net(nn.Module):
    def __init__(self, norm=False):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8) if norm else nn.Identity()
        for m in self.modules():
            if isinstance(m, nn.LayerNorm):
                nn.init.ones_(m.weight)

    def forward(self, x):
        return self.norm(self.fc(x))


def init(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight)


net = Net()
mlp = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
cnn = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3))
for each in (mlp, cnn):
    each.apply(init)
