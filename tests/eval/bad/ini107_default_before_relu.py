# select: INI107
import torch.nn as nn


class Probe(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 64)  # INI107
        self.act = nn.ReLU()
        self.out = nn.Linear(64, 2)

    def forward(self, x):
        return self.out(self.act(self.hidden(x)))
