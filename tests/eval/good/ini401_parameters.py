"""The parameters of a wrapped layer are those that its weight is computed from: a loop over them writes to these."""

import torch
import torch.nn as nn
import torch.nn.utils as utils
from torch.nn.utils.parametrizations import weight_norm


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = weight_norm(nn.Linear(64, 64))
        self.out = nn.Linear(64, 4)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


class Directions(nn.Module):
    def __init__(self):
        super().__init__()
        self.old = utils.weight_norm(nn.Linear(64, 64))
        self.new = weight_norm(nn.Linear(64, 64))
        for name, p in self.named_parameters():
            if name.endswith("_v") or name.endswith("original1"):
                nn.init.orthogonal_(p)

    def forward(self, x):
        return self.new(torch.tanh(self.old(x)))


net = Net(), Directions()
