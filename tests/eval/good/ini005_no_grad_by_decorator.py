import torch
import torch.nn as nn


@torch.no_grad()
def init_siamese(module):
    if isinstance(module, nn.Conv2d):
        module.weight.normal_(0, 0.01)
        module.bias.fill_(0.5)


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 64, 10)
        self.norm = nn.BatchNorm2d(64)
        self.register_buffer("scale", torch.empty(64))
        self.scale.fill_(2.0)
        self.fixed = nn.Linear(64, 64)
        self.fixed.weight.requires_grad_(False)
        self.fixed.weight.zero_()
        self.apply(init_siamese)

    def forward(self, x):
        return self.norm(self.conv(x)).relu() * self.scale[:, None, None]
