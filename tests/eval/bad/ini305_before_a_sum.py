import torch.nn as nn
from torch.nn.functional import relu


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(128, 128)
        self.r = nn.Linear(128, 128)
        nn.init.normal_(self.p.weight, std=0.0005)  # INI305

    def forward(self, x):
        x = relu(self.p(x))
        return x + relu(self.r(x))
