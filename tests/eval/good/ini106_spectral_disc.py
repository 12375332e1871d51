# select: INI106
import torch.nn as nn
import torch.nn.functional as F


class Disc(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(100, 100)
        self.fc2 = nn.Linear(100, 1)
        nn.init.kaiming_uniform_(self.fc1.weight, a=0.3, nonlinearity="leaky_relu")

    def forward(self, x):
        return self.fc2(F.leaky_relu(self.fc1(x), 0.3))
