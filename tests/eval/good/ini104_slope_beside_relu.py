import torch.nn as nn

SLOPE = 0.2


class Disc(nn.Module):
    def __init__(self, ch=64):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, ch, 4, 2, 1),
            nn.LeakyReLU(SLOPE, inplace=True),
            nn.Conv2d(ch, 1, 4, 1, 0),
        )
        for m in self.main:
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, a=SLOPE)

    def forward(self, x):
        return self.main(x)
