import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class GATLayer(nn.Module):
    def __init__(self, fin, fout, alpha=0.2):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(size=(fin, fout)))
        nn.init.kaiming_uniform_(self.W.data)  # INI506
        self.a = nn.Parameter(torch.zeros(size=(2 * fout, 1)))
        nn.init.xavier_uniform_(self.a.data, gain=1.414)
        self.leaky = nn.LeakyReLU(alpha)
        self.fout = fout

    def forward(self, h, adj):
        Wh = torch.mm(h, self.W)
        e = self.leaky(torch.matmul(Wh, self.a[: self.fout]) + torch.matmul(Wh, self.a[self.fout:]).T)
        att = F.softmax(torch.where(adj > 0, e, -9e15 * torch.ones_like(e)), dim=1)
        return F.elu(torch.matmul(att, Wh))


class GAT(nn.Module):
    def __init__(self, nfeat=500, nhid=8, nclass=3, heads=4):
        super().__init__()
        self.heads = nn.ModuleList([GATLayer(nfeat, nhid) for _ in range(heads)])
        self.out = nn.Linear(nhid * heads, nclass)

    def forward(self, x, adj):
        return F.log_softmax(self.out(torch.cat([h(x, adj) for h in self.heads], 1)), 1)


if __name__ == "__main__":
    net = GAT()
    out = net(torch.randn(10, 500), torch.ones(10, 10))
    out.sum().backward()
