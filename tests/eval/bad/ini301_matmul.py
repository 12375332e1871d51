import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, n_in=300, n_hidden=100):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_in, n_hidden))  # INI301
        self.b = nn.Parameter(torch.zeros(n_hidden))
        self.context = nn.Linear(n_hidden, 1, bias=False)

    def forward(self, x):
        scores = self.context(torch.tanh(torch.matmul(x, self.W) + self.b))
        return (torch.softmax(scores, dim=1) * x).sum(1)
