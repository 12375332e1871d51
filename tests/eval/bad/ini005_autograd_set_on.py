import torch
import torch.nn as nn


class Scorer(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 1)
        torch.set_grad_enabled(True)
        self.out.bias.fill_(0.1)  # INI005

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


model = Scorer()
with torch.set_grad_enabled(mode=True):
    model.hidden.bias.zero_()  # INI005
