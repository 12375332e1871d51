import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def fan_in_bound(w):
    out_features, in_features = w.size()
    return 1.0 / math.sqrt(in_features)


class Actor(nn.Module):
    def __init__(self, obs=24, act=4):
        super().__init__()
        self.l1 = nn.Linear(obs, 128)
        self.l2 = nn.Linear(128, 128)
        self.mu = nn.Linear(128, act)
        b = fan_in_bound(self.l1.weight)
        nn.init.uniform_(self.l1.weight, -b, b)
        n = self.l2.weight.numel() / self.l2.weight.size(0)
        nn.init.normal_(self.l2.weight, 0, math.sqrt(1 / n))

    def forward(self, s):
        return torch.tanh(self.mu(F.relu(self.l2(F.relu(self.l1(s))))))
