"""A copy into a parameter that asks for no gradient, though whether the layer has it at all is not known."""

import torch
from torch import nn


def prune_linear_layer(layer: nn.Linear, index: torch.LongTensor) -> nn.Linear:
    weight = layer.weight.index_select(0, index).detach().clone()
    new_layer = nn.Linear(layer.in_features, len(index), bias=layer.bias is not None)
    new_layer.weight.requires_grad = False
    new_layer.weight.copy_(weight)
    new_layer.weight.requires_grad = True
    if layer.bias is not None:
        new_layer.bias.requires_grad = False
        new_layer.bias.copy_(layer.bias[index].detach().clone())
        new_layer.bias.requires_grad = True
    return new_layer


class Head(nn.Module):
    def __init__(self, dim, classes, with_bias):
        super().__init__()
        self.proj = nn.Linear(dim, classes, bias=with_bias)
        self.small = prune_linear_layer(self.proj, torch.arange(10))

    def forward(self, x):
        return self.small(x)
