import torch
import torch.nn as nn


class Autoencoder(nn.Module):
    def __init__(self, d=64, h=32):
        super().__init__()
        self.enc = nn.Linear(d, h)
        self.dec_bias = nn.Parameter(torch.zeros(d))
        nn.init.xavier_uniform_(self.enc.weight)

    def forward(self, x):
        h = torch.sigmoid(self.enc(x))
        return nn.functional.linear(h, self.enc.weight.t(), self.dec_bias)


class Cosine(nn.Module):
    def __init__(self, d=128, classes=1000, s=64.0):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(classes, d))
        nn.init.xavier_uniform_(self.weight)
        self.s = s

    def forward(self, x):
        return self.s * nn.functional.linear(nn.functional.normalize(x), nn.functional.normalize(self.weight))
