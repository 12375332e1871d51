import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.up1 = nn.ConvTranspose2d(256, 256, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(256, 3, 4, stride=2, padding=1)
        nn.init.normal_(self.up2.weight, std=(2 * 4 / (256 * 16)) ** 0.5)

    def forward(self, x):
        return self.up2(self.up1(x).relu()).tanh()
