"""`a=1` is a gain of 1, and true slopes are slopes."""

import torch.nn as nn
import torch.nn.functional as F


class Lateral(nn.Module):
    def __init__(self, inputs=256, outputs=64):
        super().__init__()
        self.lateral = nn.Conv2d(inputs, outputs, 1)
        self.output = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.refine = nn.Conv2d(outputs, outputs, 3, padding=1)
        nn.init.kaiming_uniform_(self.lateral.weight, a=1)
        nn.init.kaiming_uniform_(self.refine.weight, a=0.1)
        nn.init.zeros_(self.lateral.bias)

    def forward(self, x):
        return self.output(F.leaky_relu(self.refine(self.lateral(x)), 0.1))
