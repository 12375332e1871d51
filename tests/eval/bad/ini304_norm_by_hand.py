import torch
import torch.nn as nn


class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class StateSpaceModel(nn.Module):
    def __init__(self, vocab=5000, dim=256):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim)
        self.mixer = nn.Linear(dim, dim)
        self.norm_f = RMSNorm(dim)
        self.lm_head = nn.Linear(dim, vocab, bias=False)
        self.lm_head.weight = self.embedding.weight  # INI304

    def forward(self, ids):
        x = self.embedding(ids)
        return self.lm_head(self.norm_f(x + self.mixer(x)))
