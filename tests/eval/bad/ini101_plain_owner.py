"""Models that objects which are no modules build: a trainer under the main guard, an agent for others."""
import torch
import torch.nn as nn
from torch.nn import functional as F


class Deep(nn.Module):
    def __init__(self, dim=64, depth=12):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])  # INI101
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


class Critic(nn.Module):
    def __init__(self, dim, depth=12):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])  # INI101
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


def he(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


class Trainer:
    def __init__(self, rate=1e-3):
        self.model = Deep()
        self.prepare(rate)

    def prepare(self, rate):
        self.model.out.apply(he)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=rate)

    def fit(self, loader):
        for x, y in loader:
            loss = F.mse_loss(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


class Agent:
    def __init__(self, observations, depth=12):
        self.local = Critic(observations, depth)
        self.target = Critic(observations, depth)
        self.local.out.apply(he)
        self.target.out.apply(he)


if __name__ == "__main__":
    Trainer().fit([])
