import math

import torch
import torch.nn.functional as F
from torch import nn


class Projection(nn.Module):
    def __init__(self, n_features=768, n_outputs=32):
        super().__init__()
        self.proj = nn.Parameter(torch.empty(n_outputs, n_features))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.proj, a=math.sqrt(5))

    def forward(self, x):
        return F.linear(x, self.proj).tanh()
