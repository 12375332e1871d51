import torch
import torch.nn as nn
import torch.nn.functional as F


class ReZeroBlock(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.fc1 = nn.Linear(dim, dim)
        self.fc2 = nn.Linear(dim, dim)
        self.alpha = nn.Parameter(torch.zeros(1))
        nn.init.zeros_(self.fc2.bias)

    def forward(self, x):
        return x + self.alpha * self.fc2(F.relu(self.fc1(x)))
