"""Helpers for other files to call: nothing here builds a model."""

from torch import nn
from torch.nn import init


def weights_init_kaiming(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        init.kaiming_normal(m.weight.data, a=0, mode="fan_in")  # INI010
    elif name.find("Linear") != -1:
        init.kaiming_normal_(m.weight.data, a=0, mode="fan_out")
        init.constant(m.bias.data, 0.0)  # INI010
    elif isinstance(m, nn.Embedding):
        init.normal_(m.weight, 0.02)  # INI006


def weights_init_gelu(m):
    if isinstance(m, nn.Linear):
        init.kaiming_uniform_(m.weight, nonlinearity="gelu")  # INI002
