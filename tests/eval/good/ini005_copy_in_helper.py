import torch
import torch.nn as nn


def identity_init(layer):
    with torch.no_grad():
        layer.weight.copy_(torch.eye(layer.out_features))
    layer.bias.data.zero_()
    return layer


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = identity_init(nn.Linear(16, 16))

    def forward(self, x):
        return self.mix(x)
