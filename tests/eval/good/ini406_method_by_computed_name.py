import sys

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, scheme="he"):
        super().__init__()
        self.hidden = nn.Linear(12, 64)
        self.out = nn.Linear(64, 1)
        getattr(self, f"_init_{scheme}")()

    def _init_he(self):
        nn.init.kaiming_normal_(self.hidden.weight, nonlinearity="relu")

    def _init_small(self):
        nn.init.normal_(self.hidden.weight, std=0.1)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


net = Net(scheme=sys.argv[1])
net(torch.randn(8, 12)).sum().backward()
