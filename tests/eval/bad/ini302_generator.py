import torch
from torch import nn


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        nn.init.normal_(m.weight, 0.0, 1.0)  # INI302
    elif classname.find("BatchNorm") != -1:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


class Critic(nn.Module):
    def __init__(self, nf=64):
        super().__init__()
        self.c1 = nn.Conv2d(3, nf, 4, 2, 1)
        self.c2 = nn.Conv2d(nf, nf * 2, 4, 2, 1)
        self.b2 = nn.BatchNorm2d(nf * 2)
        self.out = nn.Conv2d(nf * 2, 1, 4)
        self.apply(weights_init)

    def forward(self, x):
        x = torch.nn.functional.leaky_relu(self.c1(x), 0.2)
        return self.out(torch.nn.functional.leaky_relu(self.b2(self.c2(x)), 0.2))
