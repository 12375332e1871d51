import torch
import torch.nn as nn
from torch.distributions import Normal


class Policy(nn.Module):
    def __init__(self, observations, actions, hidden=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(observations, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.mean = nn.Linear(hidden, actions)
        self.log_std = nn.Parameter(torch.zeros(actions))
        for m in self.body:
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight, gain=2**0.5)

    def forward(self, x):
        distribution = Normal(self.mean(self.body(x)), self.log_std.exp())
        action = distribution.rsample()
        return action, distribution.log_prob(action).sum(-1)


policy = Policy(17, 6)
optimizer = torch.optim.Adam(policy.parameters(), lr=3e-4)
