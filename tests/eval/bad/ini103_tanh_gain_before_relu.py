import torch
import torch.nn as nn


class Actor(nn.Module):
    def __init__(self, obs=17, act=6, hidden=256):
        super().__init__()
        gain = nn.init.calculate_gain("tanh")
        self.l1 = nn.Linear(obs, hidden)
        self.l2 = nn.Linear(hidden, hidden)
        self.mu = nn.Linear(hidden, act)
        for layer in (self.l1, self.l2):
            nn.init.orthogonal_(layer.weight, gain=gain)  # INI103
            nn.init.zeros_(layer.bias)
        nn.init.orthogonal_(self.mu.weight, gain=0.01)

    def forward(self, x):
        x = torch.relu(self.l1(x))
        x = torch.relu(self.l2(x))
        return torch.tanh(self.mu(x))
