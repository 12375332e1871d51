from typing import Sequence

import torch
import torch.nn as nn

ACTIVATIONS = {"relu": nn.ReLU, "elu": nn.ELU, "tanh": nn.Tanh}


def mlp(sizes: Sequence[int], activation: str = "relu", output_activation=nn.Identity) -> nn.Sequential:
    layers = []
    for j in range(len(sizes) - 1):
        act = ACTIVATIONS[activation] if j < len(sizes) - 2 else output_activation
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


class Critic(nn.Module):
    """Three hidden layers: nothing to say."""

    def __init__(self, obs_dim=24, act_dim=4, hidden=(256,) * 3):
        super().__init__()
        self.q = mlp([obs_dim + act_dim, *hidden, 1])

    def forward(self, obs, act):
        return torch.squeeze(self.q(torch.cat([obs, act], dim=-1)), -1)
