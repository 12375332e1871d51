import torch
import torch.nn as nn
from torch.nn.utils.parametrizations import weight_norm


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = weight_norm(nn.Linear(64, 64))
        self.out = nn.Linear(64, 4)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)  # INI401

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


net = Net()
