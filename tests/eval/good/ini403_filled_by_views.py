# select: INI403
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        first = torch.empty(64, 64)
        first.data.normal_(0, 0.02)
        self.first = nn.Parameter(first)
        second = torch.empty(64, 64)
        second[:, 0::2] = torch.randn(64, 32)
        second[:, 1::2] = torch.randn(64, 32)
        self.second = nn.Parameter(second)
        third = torch.Tensor(64, 64)
        nn.init.xavier_uniform_(third.data)
        self.third = nn.Parameter(third)
        self.cache = nn.Parameter(torch.empty(10, 64), requires_grad=False)

    def forward(self, x):
        return torch.relu(x @ self.first) @ self.second + x @ self.third

    def remember(self, x):
        for index in range(len(self.cache)):
            self.cache[index, :] = self(x[index])
