import math

import torch.nn as nn
import torch.nn.functional as F


def c2_xavier_fill(module):
    nn.init.kaiming_uniform_(module.weight, a=1)
    if module.bias is not None:
        nn.init.constant_(module.bias, 0)


def c2_msra_fill(module):
    nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    if module.bias is not None:
        nn.init.constant_(module.bias, 0)


class FPNHead(nn.Module):
    def __init__(self, dim=256):
        super().__init__()
        self.lateral = nn.Conv2d(dim, dim, 1)
        self.fc1 = nn.Linear(dim * 49, 1024)
        self.fc2 = nn.Linear(1024, 1024)
        self.own = nn.Linear(1024, 256)
        self.out = nn.Linear(256, 81)
        c2_msra_fill(self.lateral)
        c2_xavier_fill(self.fc1)
        c2_xavier_fill(self.fc2)
        nn.init.kaiming_uniform_(self.own.weight, a=math.sqrt(5))

    def forward(self, x):
        x = F.relu(self.fc1(self.lateral(x).flatten(1)))
        return self.out(F.relu(self.own(F.relu(self.fc2(x)))))
