"""Subclasses that register themselves, built by name; a module whose layers Lightning has it make."""
import pytorch_lightning as pl
import torch.nn as nn

KNOWN = {}


class Registered(nn.Module):
    def __init_subclass__(cls, key=None, **kwargs):
        super().__init_subclass__(**kwargs)
        KNOWN[key or cls.__name__] = cls


class Plain(Registered, key="plain"):
    def __init__(self, dim=128, depth=10):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(dim, dim), nn.LayerNorm(dim), nn.ReLU()]
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


class Late(pl.LightningModule):
    def __init__(self, dim=128):
        super().__init__()
        self.dim = dim

    def configure_model(self):
        self.net = nn.Sequential(*[m for _ in range(9) for m in (nn.Linear(self.dim, self.dim), nn.LayerNorm(self.dim), nn.ReLU())])
        self.out = nn.Linear(self.dim, 1)

    def forward(self, x):
        return self.out(self.net(x))


model = KNOWN["plain"]()
late = Late()
