import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.up1 = nn.ConvTranspose2d(256, 256, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(256, 3, 4, stride=2, padding=1)
        nn.init.kaiming_normal_(self.up2.weight, nonlinearity="relu")  # INI504

    def forward(self, x):
        return self.up2(self.up1(x).relu()).tanh()
