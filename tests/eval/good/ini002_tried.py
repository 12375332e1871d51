import torch
import torch.nn as nn


def gain_for(activation):
    try:
        return nn.init.calculate_gain(activation)
    except ValueError:
        return 2**0.5


class Net(nn.Module):
    def __init__(self, activation="mish"):
        super().__init__()
        self.hidden = nn.Linear(32, 32)
        self.out = nn.Linear(32, 4)
        nn.init.orthogonal_(self.hidden.weight, gain_for(activation))

    def forward(self, x):
        return self.out(nn.functional.mish(self.hidden(x)))


print(Net()(torch.randn(2, 32)).shape)
