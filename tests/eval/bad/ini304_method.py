import torch
import torch.nn as nn


class Lm(nn.Module):
    def __init__(self, vocab=3000, dim=200, tie=True):
        super().__init__()
        self.encoder = nn.Embedding(vocab, dim)
        self.rnn = nn.LSTM(dim, dim, 2)
        self.decoder = nn.Linear(dim, vocab)
        if tie:
            self.decoder.weight = self.encoder.weight  # INI304
        self.init_weights()

    def init_weights(self):
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x):
        out, _ = self.rnn(self.encoder(x))
        return self.decoder(out)
