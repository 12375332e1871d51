import math

import torch
from torch import nn


class Projection(nn.Module):
    def __init__(self, n_features=768, n_outputs=32):
        super().__init__()
        self.proj = nn.Parameter(torch.empty(n_features, n_outputs))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.proj, a=math.sqrt(5))  # INI506

    def forward(self, x):
        return (x @ self.proj).tanh()
