"""The lists of weights that recurrent layers keep, and the registries of every module."""
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, dim=100, hidden=128, tags=17):
        super().__init__()
        self.gru = nn.GRU(dim, hidden, num_layers=2, bidirectional=True)
        self.lstm = nn.LSTM(2 * hidden, hidden)
        self.fc = nn.Linear(hidden, tags)
        for names in self.gru._all_weights:
            for name in names:
                nn.init.xavier_uniform_(self.gru.__getattr__(name))  # INI001
        for weights in self.lstm.all_weights:
            for weight in weights[2:]:
                nn.init.orthogonal_(weight)  # INI001
        for parameter in self.fc._parameters.values():
            nn.init.kaiming_uniform_(parameter)  # INI001
        nn.init.zeros_(self.lstm.bias_ih_l1)  # INI004

    def forward(self, x):
        return self.fc(self.lstm(self.gru(x)[0])[0])


class Plain(nn.Module):
    def __init__(self, width=128, depth=9):
        super().__init__()
        for index in range(depth):
            setattr(self, f"conv{index}", nn.Conv2d(width, width, 3, padding=1))
        for name in self._modules:
            nn.init.kaiming_normal_(self._modules[name].weight, nonlinearity="relu")
            nn.init.xavier_normal_(self._modules[name].bias)  # INI001

    def forward(self, x):
        for index in range(9):
            x = getattr(self, f"conv{index}")(x).relu()
        return x
