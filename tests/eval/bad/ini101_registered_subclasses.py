"""Subclasses that register themselves, built by name."""
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
            layers += [nn.Linear(dim, dim), nn.ReLU()]  # INI101
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


model = KNOWN["plain"]()
