import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, dim=256, patch=16):
        super().__init__()
        self.head = nn.ConvTranspose2d(dim, 3, kernel_size=patch, stride=patch)
        self.mid = nn.Conv2d(dim, dim, 1)
        self.act = nn.ReLU()
        for m in self.modules():
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_uniform_(m.weight, mode="fan_out", nonlinearity="linear")  # INI504
            elif isinstance(m, nn.Conv2d):
                nn.init.kaiming_uniform_(m.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.act(self.mid(x)))
