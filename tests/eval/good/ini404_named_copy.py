"""Copies that are filled and then used, and a name for the tensor itself."""

import torch
import torch.nn as nn


def reinit(linear, std):
    w = torch.as_tensor(linear.weight)
    nn.init.normal_(w, std=std)
    nn.init.zeros_(linear.bias)


class ValueHead(nn.Module):
    def __init__(self, width=256):
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        reinit(self.dense, width**-0.5)
        w = torch.tensor(self.out.weight)
        nn.init.normal_(w, std=0.01)
        self.out.weight.data.copy_(w)
        start = self.out.bias.detach().clone()
        start.fill_(0.5)
        self.register_buffer("start", start)

    def forward(self, h):
        return self.out(torch.tanh(self.dense(h))) - self.start
