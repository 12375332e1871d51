import torch
import torch.nn as nn


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)  # INI103
        nn.init.zeros_(m.bias)


class Relu(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 64)
        self.b = nn.Linear(64, 64)
        self.c = nn.Linear(64, 64)
        self.d = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)
        self.apply(init_weights)

    def forward(self, x):
        return self.head(self.d(self.c(self.b(self.a(x).relu()).relu()).relu()).relu())


class Tanh(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 64)
        self.b = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)
        self.apply(init_weights)

    def forward(self, x):
        return self.head(self.b(self.a(x).tanh()).tanh())


class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Relu()
        self.two = Tanh()

    def forward(self, x):
        return self.two(x), self.one(x)
