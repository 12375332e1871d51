import torch.nn as nn


class Lm(nn.Module):
    def __init__(self, vocab=3000, dim=256):
        super().__init__()
        self.tok = nn.Embedding(vocab, dim)
        self.ln = nn.LayerNorm(dim)
        self.dim = dim

    def forward(self, x):
        h = self.ln(self.tok(x)) * self.dim ** -0.5
        return h @ self.tok.weight.t()


class Reverse(nn.Module):
    def __init__(self, vocab=3000, dim=256):
        super().__init__()
        self.tok = nn.Embedding(vocab, dim)
        self.head = nn.Linear(dim, vocab, bias=False)
        self.tok.weight = self.head.weight

    def forward(self, x):
        return self.head(self.tok(x))
