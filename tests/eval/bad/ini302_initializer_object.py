import torch
import torch.nn as nn


class Initializer:
    def __init__(self, scheme="normal", std=1.0):
        self.scheme = scheme
        self.std = std

    def __call__(self, module):
        if isinstance(module, (nn.Linear, nn.Conv1d)):
            if self.scheme == "normal":
                nn.init.normal_(module.weight, 0.0, self.std)  # INI302
            elif self.scheme == "xavier":
                nn.init.xavier_normal_(module.weight)
            nn.init.zeros_(module.bias)


class Dilated(nn.Module):
    def __init__(self, ch=64):
        super().__init__()
        self.inp = nn.Conv1d(1, ch, 1)
        self.dilated = nn.ModuleList([nn.Conv1d(ch, ch, 3, padding=2**i, dilation=2**i) for i in range(3)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(ch) for _ in range(3)])
        self.out = nn.Conv1d(ch, 256, 1)
        self.apply(Initializer())

    def forward(self, x):
        h = self.inp(x)
        for conv, norm in zip(self.dilated, self.norms):
            h = h + torch.relu(norm(conv(h)))
        return self.out(h)
