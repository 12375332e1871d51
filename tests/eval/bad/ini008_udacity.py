import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def hidden_init(layer):
    fan_in = layer.weight.data.size()[0]  # INI008
    lim = 1.0 / np.sqrt(fan_in)
    return (-lim, lim)


class Critic(nn.Module):
    def __init__(self, state_size=33, action_size=4, fcs1_units=400, fc2_units=300):
        super().__init__()
        self.fcs1 = nn.Linear(state_size, fcs1_units)
        self.fc2 = nn.Linear(fcs1_units + action_size, fc2_units)
        self.fc3 = nn.Linear(fc2_units, 1)
        self.reset_parameters()

    def reset_parameters(self):
        self.fcs1.weight.data.uniform_(*hidden_init(self.fcs1))
        self.fc2.weight.data.uniform_(*hidden_init(self.fc2))
        self.fc3.weight.data.uniform_(-3e-3, 3e-3)

    def forward(self, state, action):
        x = F.relu(self.fcs1(state))
        return self.fc3(F.relu(self.fc2(torch.cat((x, action), dim=1))))
