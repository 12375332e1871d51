import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, d=8):
        super().__init__()
        self.fc = nn.Linear(d, d)
        self.out = nn.Linear(d, 1)
        w = self.fc.weight
        with torch.no_grad():
            w.fill_diagonal_(1.0)
        for layer in [self.fc, self.out]:
            nn.init.constant_(layer.bias, 0.1)

    def forward(self, x):
        return self.out(self.fc(x).relu())
