import torch.nn as nn
import torch.nn.functional as F


class Head(nn.Module):
    def __init__(self, dim=384, classes=100):
        super().__init__()
        self.dense = nn.Linear(dim, dim)
        self.out_proj = nn.Linear(dim, classes)
        nn.init.kaiming_uniform_(self.dense.weight, nonlinearity="linear")  # INI103
        nn.init.zeros_(self.dense.bias)

    def forward(self, x):
        return self.out_proj(F.gelu(self.dense(x)))
