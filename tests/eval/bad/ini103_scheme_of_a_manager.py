from contextlib import contextmanager

import torch
import torch.nn as nn

SCHEMES = [nn.init.kaiming_normal_]


@contextmanager
def scheme(function):
    SCHEMES.append(function)
    try:
        yield
    finally:
        SCHEMES.pop()


def linear(inputs, outputs):
    layer = nn.Linear(inputs, outputs)
    SCHEMES[-1](layer.weight)  # INI103
    nn.init.zeros_(layer.bias)
    return layer


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = linear(64, 64)
        with scheme(nn.init.xavier_normal_):
            self.second = linear(64, 64)
        self.out = linear(64, 10)

    def forward(self, x):
        return self.out(torch.relu(self.second(torch.relu(self.first(x)))))
