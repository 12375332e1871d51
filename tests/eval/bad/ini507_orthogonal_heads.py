import torch
import torch.nn as nn


class MultiHead(nn.Module):
    def __init__(self, heads=8, dim=128, out=64):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(heads, dim, out))
        nn.init.orthogonal_(self.kernel)  # INI507

    def forward(self, x):
        return torch.tanh(torch.matmul(x.unsqueeze(1), self.kernel))
