"""An agent has no forward; its deviation is a default of the helper."""

import torch.nn as nn
from torch.distributions import Categorical


def layer_init(layer, std=1.0, bias_const=0.0):
    nn.init.normal_(layer.weight, mean=0.0, std=std)  # INI302
    nn.init.constant_(layer.bias, bias_const)
    return layer


class Agent(nn.Module):
    def __init__(self, obs_dim, n_actions):
        super().__init__()
        self.critic = nn.Sequential(
            layer_init(nn.Linear(obs_dim, 64)), nn.Tanh(),
            layer_init(nn.Linear(64, 64)), nn.Tanh(),
            layer_init(nn.Linear(64, 1), std=0.01),
        )
        self.actor = nn.Sequential(
            layer_init(nn.Linear(obs_dim, 64)), nn.Tanh(),
            layer_init(nn.Linear(64, 64)), nn.Tanh(),
            layer_init(nn.Linear(64, n_actions), std=0.01),
        )

    def get_value(self, x):
        return self.critic(x)

    def act(self, x):
        dist = Categorical(logits=self.actor(x))
        return dist.sample(), dist.entropy(), self.get_value(x)


agent = Agent(8, 4)
