import torch.nn as nn
import torch.nn.init as init


class Policy(nn.Module):
    def __init__(self, observation=24, action=4):
        super().__init__()
        self.hidden = nn.Linear(observation, 64)
        self.mean = nn.Linear(64, action)
        init.xavier_normal_(self.hidden.weight, init.calculate_gain("tanh"))
        init.constant_(self.hidden.bias, 0.0)
        init.orthogonal_(self.mean.weight, gain=0.01)

    def forward(self, obs):
        return self.mean(self.hidden(obs).tanh())
