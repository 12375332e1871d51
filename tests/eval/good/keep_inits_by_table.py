import torch
import torch.nn as nn


def init_a(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)


def init_b(m):
    if isinstance(m, nn.Linear):
        nn.init.zeros_(m.bias)


INITS = {"a": init_a, "b": init_b}


class Net(nn.Module):
    def __init__(self, kind="a"):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.fc2 = nn.Linear(8, 2)
        self.apply(INITS[kind])
        getattr(self, "setup_head")()

    def setup_head(self):
        nn.init.zeros_(self.fc2.weight)

    @torch.no_grad()
    def clip(self):
        self.fc.weight.clamp_(-1, 1)

    def forward(self, x):
        return self.fc2(self.fc(x).tanh())


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
