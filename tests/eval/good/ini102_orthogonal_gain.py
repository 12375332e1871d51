import torch.nn as nn


class Stack(nn.Module):
    def __init__(self, width=200, n=10):
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(n)])
        self.act = nn.ReLU()
        self.out = nn.Linear(width, 3)
        for layer in self.hidden:
            nn.init.orthogonal_(layer.weight, gain=2**0.5)

    def forward(self, x):
        for layer in self.hidden:
            x = self.act(layer(x))
        return self.out(x)
