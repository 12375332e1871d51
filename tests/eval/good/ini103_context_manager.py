"""A model that a context manager of the project hands out."""
import contextlib

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


@contextlib.contextmanager
def session(seed):
    torch.manual_seed(seed)
    net = Net()
    yield net
    print("over")


with session(0) as model:
    nn.init.kaiming_uniform_(model.hidden.weight, nonlinearity="relu")
