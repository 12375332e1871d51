from functools import partial

import torch.nn as nn

he = partial(nn.init.kaiming_normal_, mode="fanout", nonlinearity="relu")  # INI003


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)
        he(self.conv.weight)

    def forward(self, x):
        return self.fc(self.conv(x).relu().mean((2, 3)))
