import torch
import torch.nn as nn


def reinit(linear, std):
    w = torch.tensor(linear.weight)
    nn.init.normal_(w, std=std)  # INI404
    nn.init.zeros_(linear.bias)


class ValueHead(nn.Module):
    def __init__(self, width=256):
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        reinit(self.dense, width**-0.5)
        reinit(self.out, 0.01)

    def forward(self, h):
        return self.out(torch.tanh(self.dense(h)))
