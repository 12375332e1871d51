import torch
import torch.nn as nn


class Cell(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.w = nn.Linear(inputs, 2 * hidden)
        self.gate = nn.Linear(hidden, hidden)
        self.candidate = nn.Parameter(torch.randn(hidden, hidden))  # INI301

    def forward(self, x, h):
        z, n = self.w(x).chunk(2, dim=-1)
        r = torch.sigmoid(self.gate(h))
        n = torch.tanh(n + (r * h) @ self.candidate)
        z = torch.sigmoid(z)
        return (1 - z) * h + z * n


cell = Cell(16, 96)
