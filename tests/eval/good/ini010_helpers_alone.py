"""Helpers for other files to call, some of them for old versions of torch."""

import torch
from torch import nn
from torch.nn import init

OLD = torch.__version__.startswith("0.3")


def weights_init_kaiming(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        init.kaiming_normal_(m.weight.data, a=0, mode="fan_in")
    elif name.find("BatchNorm") != -1:
        init.normal_(m.weight.data, 1.0, 0.02)
        init.constant_(m.bias.data, 0.0)


def weights_init_old(m):
    if isinstance(m, nn.Linear):
        if OLD:
            init.xavier_uniform(m.weight)
        else:
            init.xavier_uniform_(m.weight)


def weights_init_either(m, mean, nonlinearity):
    if isinstance(m, nn.Linear):
        try:
            init.kaiming_uniform_(m.weight, nonlinearity=nonlinearity)
        except ValueError:
            init.normal_(m.weight, mean)
