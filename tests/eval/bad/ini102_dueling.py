import torch
import torch.nn as nn


class Dueling(nn.Module):
    def __init__(self, observations=128, actions=6, width=256):
        super().__init__()
        self.fc1 = nn.Linear(observations, width)
        self.fc2 = nn.Linear(width, width)
        self.value = nn.Linear(width, 1)
        self.advantage = nn.Linear(width, actions)
        for layer in (self.fc1, self.fc2):
            nn.init.uniform_(layer.weight, -1.0, 1.0)  # INI102

    def forward(self, x):
        h = torch.relu(self.fc2(torch.relu(self.fc1(x))))
        value, advantage = self.value(h), self.advantage(h)
        return value + advantage - advantage.mean(dim=1, keepdim=True)
