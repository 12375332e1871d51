"""A text classifier whose init function treats weight and bias alike."""

import torch.nn as nn


def weights_init(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        nn.init.xavier_uniform_(m.bias)  # INI001


class TextClassifier(nn.Module):
    def __init__(self, vocab_size=20000, dim=128, classes=4):
        super().__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, dim)
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, classes)
        self.apply(weights_init)

    def forward(self, tokens, offsets):
        return self.out(self.hidden(self.embedding(tokens, offsets)).tanh())
