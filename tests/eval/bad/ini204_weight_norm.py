import torch.nn as nn
from torch.nn.utils.parametrizations import weight_norm


class Dec(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        out = nn.Linear(dim, dim)
        nn.init.zeros_(out.weight)  # INI204
        self.out = weight_norm(out)
        self.act = nn.Tanh()

    def forward(self, x):
        return self.act(self.out(x))
