import torch.nn as nn


class Grouped(nn.Module):
    def __init__(self, width=128, cardinality=32):
        super().__init__()
        self.reduce = nn.Conv2d(width, width, 1)
        self.split = nn.Conv2d(width, width, 3, padding=1, groups=cardinality)
        self.expand = nn.Conv2d(width, 10, 1)
        self.act = nn.ReLU()
        nn.init.kaiming_normal_(self.reduce.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.split.weight, nonlinearity="relu")

    def forward(self, x):
        return self.expand(self.act(self.split(self.act(self.reduce(x)))))
