import math
import torch
import torch.nn as nn


class LayerNormLSTMCell(nn.Module):
    def __init__(self, i, h):
        super().__init__()
        self.ih, self.hh = nn.Linear(i, 4 * h, bias=False), nn.Linear(h, 4 * h, bias=False)
        self.bias = nn.Parameter(torch.zeros(4 * h))
        self.h = h
        nn.init.orthogonal_(self.hh.weight)
        nn.init.xavier_uniform_(self.ih.weight)
        self.bias.data[2 * h: 3 * h].fill_(1.0)

    def forward(self, x, hc):
        h, c = hc
        i, g, f, o = (self.ih(x) + self.hh(h) + self.bias).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class Model(nn.Module):
    def __init__(self, vocab=100, h=64):
        super().__init__()
        self.emb = nn.Embedding(vocab, h)
        self.cell = LayerNormLSTMCell(h, h)
        self.lstm = nn.LSTM(h, h)
        for n, p in self.lstm.named_parameters():
            if "weight_hh" in n:
                nn.init.orthogonal_(p)
            elif "bias_ih" in n:
                p.data.zero_()
                p.data[h: 2 * h] = 1
        stdv = 1.0 / math.sqrt(h)
        self.out = nn.Linear(h, vocab)
        self.out.weight.data.uniform_(-stdv, stdv)

    def forward(self, ids):
        e = self.emb(ids)
        h = c = e.new_zeros(ids.size(0), e.size(-1))
        for t in range(ids.size(1)):
            h, c = self.cell(e[:, t], (h, c))
        return self.out(self.lstm(h.unsqueeze(0))[0][0])


m = Model()
opt = torch.optim.Adam(m.parameters())
m(torch.randint(0, 100, (2, 5))).sum().backward()
opt.step()
