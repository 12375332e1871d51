"""A builder that the program does not call: whoever imports it gets a net that starts dead."""

import torch.nn as nn


def build_regressor(width=128, depth=12):
    layers = [nn.Linear(16, width), nn.ReLU()]  # INI101
    for _ in range(depth):
        layers += [nn.Linear(width, width), nn.ReLU()]
    layers.append(nn.Linear(width, 1))
    return nn.Sequential(*layers)
