import torch
import torch.nn as nn


class AutoEncoder(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.down = nn.Conv2d(1, channels, 3, 2, 1)
        self.up = nn.ConvTranspose2d(channels, 1, 4, 2, 1)

    @staticmethod
    def init_weights(m):
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(m.weight, 0.0, 0.1)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.up(torch.relu(self.down(x)))


net = AutoEncoder()
net.apply(AutoEncoder.init_weights)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
