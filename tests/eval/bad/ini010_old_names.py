import torch.nn as nn
import torch.nn.init as init


def weights_init(m):
    if isinstance(m, nn.Conv2d):
        init.kaiming_normal(m.weight.data, mode="fan_out")  # INI010
    elif isinstance(m, nn.BatchNorm2d):
        init.normal(m.weight.data, mean=1.0, std=0.02)  # INI010
        init.constant(m.bias.data, 0.0)  # INI010


class Discriminator(nn.Module):
    def __init__(self, ndf=64):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, ndf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf),
            nn.ReLU(inplace=True),
            nn.Conv2d(ndf, 1, 4, 1, 0, bias=False),
        )
        self.apply(weights_init)

    def forward(self, x):
        return self.main(x)
