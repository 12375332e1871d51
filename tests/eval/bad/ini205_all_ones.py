import torch.nn as nn


class Toy(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(10, 20, bias=False)
        self.b = nn.Linear(20, 5, bias=False)
        self.act = nn.Tanh()
        for p in self.parameters():
            nn.init.constant_(p, 0.05)  # INI205

    def forward(self, x):
        return self.b(self.act(self.a(x)))
