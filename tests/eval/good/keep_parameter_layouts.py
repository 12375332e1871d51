import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self, fin=500, fout=8):
        super().__init__()
        self.a = nn.Parameter(torch.empty(fin, fout))
        self.b = nn.Parameter(torch.empty(fout, fin))
        self.c = nn.Parameter(torch.empty(fin, fin))
        self.d = nn.Parameter(torch.empty(fin, fout))
        nn.init.xavier_uniform_(self.a)
        nn.init.kaiming_uniform_(self.b, nonlinearity="relu")
        nn.init.kaiming_uniform_(self.c, a=math.sqrt(5))
        nn.init.uniform_(self.d, -1 / math.sqrt(self.d.size(0)), 1 / math.sqrt(self.d.size(0)))

    def forward(self, x):
        return F.linear(x, self.b).relu() + x @ self.a + (x @ self.c) @ self.d
