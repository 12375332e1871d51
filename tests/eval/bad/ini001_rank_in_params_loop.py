import torch.nn as nn


class Transformer(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.enc = nn.TransformerEncoderLayer(d, 4)
        self.fc = nn.Linear(d, d)
        self._reset_parameters()

    def _reset_parameters(self):
        for p in self.parameters():
            nn.init.xavier_uniform_(p)  # INI001

    def forward(self, x):
        return self.enc(self.fc(x))
