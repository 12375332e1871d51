import math

import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(17, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU())
        self.mu = nn.Linear(64, 8)
        for m in self.net:
            if isinstance(m, nn.Linear):
                n = m.weight.shape[0]  # INI008
                nn.init.normal_(m.weight, 0, math.sqrt(2.0 / n))

    def forward(self, x):
        return self.mu(self.net(x))
