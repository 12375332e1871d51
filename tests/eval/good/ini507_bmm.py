import torch
import torch.nn as nn


class Experts(nn.Module):
    def __init__(self, n=16, dim=128, out=64):
        super().__init__()
        self.weight = nn.Parameter(torch.Tensor(n, dim, out))
        self.bias = nn.Parameter(torch.zeros(n, 1, out))
        self.reset_parameters()

    def reset_parameters(self):
        for matrix in self.weight:
            nn.init.kaiming_normal_(matrix, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return torch.relu(torch.bmm(x, self.weight) + self.bias)
