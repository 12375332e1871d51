import torch.nn as nn


class ResBlock(nn.Module):
    """The zeros stand at the wrong end of the branch."""

    def __init__(self, dim=64):
        super().__init__()
        self.conv1 = nn.Conv2d(dim, dim, 3, padding=1)
        self.conv2 = nn.Conv2d(dim, dim, 3, padding=1)
        self.act = nn.ReLU()
        nn.init.zeros_(self.conv1.weight)  # INI201
        nn.init.zeros_(self.conv1.bias)

    def forward(self, x):
        return x + self.conv2(self.act(self.conv1(x)))
