import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, vocab=5000, tags=12):
        super().__init__()
        self.embed = nn.Embedding(vocab, 100)
        self.lstm = nn.LSTM(100, 128, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(256, tags)
        for name, param in self.lstm.named_parameters():
            if name.startswith("weight_ih"):
                nn.init.xavier_uniform_(param)

    def forward(self, tokens):
        out, _ = self.lstm(self.embed(tokens))
        return self.fc(out)
