"""A general pass and a specific override after it, and a fill that is read before it is replaced."""

import math

import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, code=16, outputs=784, prior=0.01):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(code, 128), nn.Linear(128, outputs)])
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.layers[1].bias, -math.log((1 - prior) / prior))
        for name, p in self.named_parameters():
            if name.endswith("1.weight"):
                nn.init.normal_(p, std=0.02)
        self.twin = nn.Linear(code, 128)
        nn.init.orthogonal_(self.twin.weight)
        self.register_buffer("start", self.twin.weight.detach().clone())
        nn.init.kaiming_normal_(self.twin.weight, nonlinearity="relu")

    def forward(self, z):
        return self.layers[1](self.layers[0](z).relu() + self.twin(z).relu()).sigmoid()
