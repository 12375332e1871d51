# select: INI001
import sys

import torch.nn as nn


def initialiser(name):
    if name == "xavier":
        return nn.init.xavier_uniform_
    if name == "zeros":
        return lambda tensor: nn.init.zeros_(tensor)
    raise ValueError(name)


def init_weights(model, config):
    weight = initialiser(config.get("weight", "xavier"))
    bias = initialiser(config.get("bias", "zeros"))
    for name, parameter in model.named_parameters():
        if "bias" in name:
            bias(parameter)
        else:
            weight(parameter)


def init_recurrent(module):
    if type(module) is nn.GRU:
        for name in module._flat_weights_names:
            if "weight" in name:
                nn.init.xavier_uniform_(module._parameters[name])


class Encoder(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.rnn = nn.GRU(32, 64, count)
        self.apply(init_recurrent)

    def forward(self, x):
        return self.rnn(x)


def build(config):
    model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
    init_weights(model, config)
    return model


encoder = Encoder(len(sys.argv))
