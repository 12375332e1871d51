import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Actor(nn.Module):
    def __init__(self, obs=24, act=4):
        super().__init__()
        self.l1 = nn.Linear(obs, 400)
        self.l2 = nn.Linear(400, 300)
        self.mu = nn.Linear(300, act)
        self.reset()

    def _limits(self, layer):
        n = layer.weight.data.shape[0]  # INI008
        return -1.0 / np.sqrt(n), 1.0 / np.sqrt(n)

    def reset(self):
        low, high = self._limits(self.l1)
        nn.init.uniform_(self.l1.weight, low, high)
        nn.init.uniform_(self.l2.weight, a=self._limits(self.l2)[0], b=self._limits(self.l2)[1])
        nn.init.uniform_(self.mu.weight, -3e-3, 3e-3)

    def forward(self, s):
        return torch.tanh(self.mu(F.relu(self.l2(F.relu(self.l1(s))))))
