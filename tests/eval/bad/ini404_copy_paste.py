import torch.nn as nn


class ActorCritic(nn.Module):
    def __init__(self, obs=8, hidden=64, actions=4):
        super().__init__()
        self.fc1 = nn.Linear(obs, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.pi = nn.Linear(hidden, actions)
        nn.init.orthogonal_(self.fc1.weight)  # INI404
        nn.init.orthogonal_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.pi(self.fc2(self.fc1(x).tanh()).tanh())
