import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, vocab=5000, tags=12):
        super().__init__()
        self.embed = nn.Embedding(vocab, 100)
        self.lstm = nn.LSTM(100, 128, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(256, tags)
        nn.init.orthogonal_(self.lstm.weight)  # INI004

    def forward(self, tokens):
        out, _ = self.lstm(self.embed(tokens))
        return self.fc(out)
