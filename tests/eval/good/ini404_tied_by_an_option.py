import argparse

import torch.nn as nn


class LanguageModel(nn.Module):
    def __init__(self, tokens, dim, tie=False):
        super().__init__()
        self.encoder = nn.Embedding(tokens, dim)
        self.rnn = nn.LSTM(dim, dim)
        self.decoder = nn.Linear(dim, tokens)
        if tie:
            self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.uniform_(self.decoder.weight, -0.1, 0.1)

    def forward(self, ids):
        out, _ = self.rnn(self.encoder(ids))
        return self.decoder(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tied", action="store_true")
    args = parser.parse_args()
    print(LanguageModel(1000, 64, args.tied))
