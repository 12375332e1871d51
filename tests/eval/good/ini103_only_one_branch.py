import torch.nn as nn


class Tagger(nn.Module):
    """He before tanh is no mistake."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(40, 128)
        self.hidden = nn.Linear(128, 128)
        self.out = nn.Linear(128, 12)
        self.relu, self.tanh = nn.LeakyReLU(), nn.Tanh()
        nn.init.kaiming_uniform_(self.embed.weight, nonlinearity="relu")
        nn.init.kaiming_uniform_(self.hidden.weight, nonlinearity="relu")
        nn.init.xavier_uniform_(self.out.weight)

    def forward(self, x):
        return self.out(self.tanh(self.hidden(self.relu(self.embed(x)))))
