import torch
import torch.nn as nn


class Gat(nn.Module):
    def __init__(self, fin=500, fout=8):
        super().__init__()
        self.W = nn.Parameter(torch.empty(fin, fout))
        self.a = nn.Parameter(torch.empty(2 * fout, 1))
        nn.init.kaiming_uniform_(self.W.data.t(), nonlinearity="relu")
        nn.init.xavier_uniform_(self.a.data)

    def forward(self, h, adj):
        wh = torch.matmul(h, self.W)
        return adj @ torch.relu(wh)
