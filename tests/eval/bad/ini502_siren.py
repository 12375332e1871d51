import torch
import torch.nn as nn


class Siren(nn.Module):
    def __init__(self, hidden=64, w0=30.0):
        super().__init__()
        self.w0 = w0
        self.l1 = nn.Linear(2, hidden)  # INI502
        self.l2 = nn.Linear(hidden, hidden)
        self.l3 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        for layer in (self.l1, self.l2, self.l3):
            x = torch.sin(self.w0 * layer(x))
        return self.out(x)
