import torch
import torch.nn as nn


def quiet():
    torch.set_grad_enabled(False)


class Scorer(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 1)
        before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        self.out.bias.fill_(0.1)
        torch.set_grad_enabled(before)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


quiet()
model = Scorer()
model.hidden.bias.zero_()
