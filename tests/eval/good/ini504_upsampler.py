import torch.nn as nn


class Upsample(nn.Module):
    """Small as in the paper."""

    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(64, 64, 3, padding=1)
        self.act = nn.PReLU()
        self.up = nn.ConvTranspose2d(64, 1, 9, stride=2, padding=4, output_padding=1)
        nn.init.kaiming_normal_(self.body.weight, a=0.25)
        nn.init.normal_(self.up.weight, std=0.001)

    def forward(self, x):
        return self.up(self.act(self.body(x)))
