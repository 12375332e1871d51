import torch.nn as nn


class Seq2Seq(nn.Module):
    def __init__(self, vocab=8000, dim=256):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.transformer = nn.TransformerEncoderLayer(dim, 8, 1024, batch_first=True)
        self._reset_parameters()

    def _reset_parameters(self):
        for p in self.parameters():
            nn.init.xavier_uniform_(p)  # INI001

    def forward(self, tokens):
        return self.transformer(self.embed(tokens))
