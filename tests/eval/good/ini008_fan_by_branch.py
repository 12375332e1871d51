import math

import torch.nn as nn


def reset(*layers):
    for layer in layers:
        if isinstance(layer, nn.Linear):
            bound = 1.0 / math.sqrt(layer.weight.shape[1])
        elif isinstance(layer, nn.ConvTranspose1d):
            inputs = layer.weight.size(0)
            bound = 1.0 / math.sqrt(inputs)
        nn.init.uniform_(layer.weight, -bound, bound)


class Upsampler(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(80, 128)
        self.up = nn.ConvTranspose1d(128, 64, 8, 4, 2)
        self.last = nn.Linear(512, 256)
        reset(self.first, self.up)
        turned = self.last.weight.t()
        fan_in = turned.shape[0]
        nn.init.uniform_(turned, -((6 / fan_in) ** 0.5), (6 / fan_in) ** 0.5)

    def forward(self, x):
        return self.last(self.up(self.first(x).relu().transpose(1, 2)))


Upsampler()
