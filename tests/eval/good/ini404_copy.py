"""Views are not copies."""

import torch.nn as nn


class Classifier(nn.Module):
    def __init__(self, dim=128, classes=10):
        super().__init__()
        self.fc = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(3 * dim, classes)
        for part in self.fc.weight.chunk(3):
            nn.init.xavier_uniform_(part)
        nn.init.normal_(self.out.weight.t(), std=0.01)
        self.fc.bias.detach().zero_()
        self.out.bias.data.view(-1).fill_(0.1)

    def forward(self, x):
        return self.out(self.fc(x).tanh())
