import math

import torch.nn as nn


def layer_init(layer, gain=math.sqrt(2), bias=0.0):
    nn.init.kaiming_uniform_(layer.weight, gain)  # INI009
    nn.init.constant_(layer.bias, bias)
    return layer


class Actor(nn.Module):
    def __init__(self, obs=17, actions=6):
        super().__init__()
        self.fc1 = layer_init(nn.Linear(obs, 256))
        self.fc2 = layer_init(nn.Linear(256, 256))
        self.mean = nn.Linear(256, actions)

    def forward(self, x):
        return self.mean(self.fc2(self.fc1(x).relu()).relu())
