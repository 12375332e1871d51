import torch.nn as nn
import torch.nn.functional as F


class Decoder(nn.Module):
    def __init__(self, vocab=8000, dim=512):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)

    def forward(self, tokens):
        h, _ = self.rnn(self.embedding(tokens))
        return F.linear(h, self.embedding.weight)  # INI304
