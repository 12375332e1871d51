import torch
import torch.nn as nn


def initialise(module):
    if type(module) in (nn.Linear, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


net = nn.Sequential(nn.LazyLinear(32), nn.ReLU(), nn.LazyLinear(2))
net(torch.zeros(1, 8))
net.apply(initialise)
