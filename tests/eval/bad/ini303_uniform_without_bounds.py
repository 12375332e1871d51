import torch.nn as nn
import torch.nn.functional as F


class Scorer(nn.Module):
    def __init__(self, dim=100):
        super().__init__()
        self.first = nn.Linear(dim, dim)
        self.second = nn.Linear(dim, 1)
        for layer in [self.first, self.second]:
            nn.init.uniform_(layer.weight)  # INI303
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.second(F.relu(self.first(x)))
