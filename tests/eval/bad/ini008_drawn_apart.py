import math
import torch
import torch.nn as nn
import torch.nn.functional as F


def fanin_init(size):
    v = 1. / math.sqrt(size[0])
    return torch.Tensor(size).uniform_(-v, v)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4500, 64)
        self.fc1.weight.data = fanin_init(self.fc1.weight.data.size())  # INI008
        self.fc2 = nn.Linear(64, 2)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))
