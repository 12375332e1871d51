import math

import torch
import torch.nn as nn


class Bilinear(nn.Module):
    def __init__(self, d=16, heads=3):
        super().__init__()
        self.w = nn.Parameter(torch.empty(d, d))
        self.v = nn.Parameter(torch.Tensor(d))
        self.stack = nn.Parameter(torch.empty(heads, d, d))
        self.chained = nn.Parameter(torch.empty(d).normal_(0, 0.1))
        self.data = nn.Parameter(torch.Tensor([1.0, 2.0]))
        self.reset_parameters()

    def reset_parameters(self):
        for p in self.parameters():
            if p.dim() == 2:
                nn.init.kaiming_uniform_(p, a=math.sqrt(5))
            elif p is self.v:
                p.data.zero_()
        for w in self.stack:
            nn.init.xavier_uniform_(w)

    def forward(self, x):
        return x @ self.w + self.v * self.chained + self.data.sum() + (x @ self.stack).sum(0)


model = Bilinear()
torch.optim.Adam(model.parameters())
