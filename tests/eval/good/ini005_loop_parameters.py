import torch.nn as nn


class Lstm(nn.Module):
    def __init__(self, d=10, h=20):
        super().__init__()
        self.rnn = nn.LSTM(d, h)
        self.fc = nn.Linear(h, 1)
        for p in self.parameters():
            nn.init.uniform_(p, -0.08, 0.08)

    def forward(self, x):
        return self.fc(self.rnn(x)[0])
