import torch.nn as nn


class Lm(nn.Module):
    def __init__(self, vocab=3000, dim=256):
        super().__init__()
        self.tok = nn.Embedding(vocab, dim)
        self.ln = nn.LayerNorm(dim)

    def forward(self, x):
        return self.ln(self.tok(x)) @ self.tok.weight.t()  # INI304
