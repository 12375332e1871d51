import torch.nn as nn


class Decoder(nn.Module):
    """Kernel 4, stride 2, as many channels out as half of those in: off by 2."""

    def __init__(self, dim=256):
        super().__init__()
        self.head = nn.ConvTranspose2d(dim, dim // 2, kernel_size=4, stride=2, padding=1)
        self.mid = nn.Conv2d(dim, dim, 1)
        self.act = nn.ReLU()
        for m in self.modules():
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_uniform_(m.weight, nonlinearity="linear")
            elif isinstance(m, nn.Conv2d):
                nn.init.kaiming_uniform_(m.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.act(self.mid(x)))
