import torch.nn as nn


def build_mlp(sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.Tanh()]
    return nn.Sequential(*layers)


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = build_mlp([8, 64, 64])
        self.out = nn.Linear(64, 2)
        nn.init.orthogonal_(self.body[0].weight)

    def forward(self, x):
        return self.out(self.body(x))
