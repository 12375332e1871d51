import torch.nn as nn


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        nn.init.normal_(m.weight, 0.0, 0.02)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.norm = nn.BatchNorm2d(16)
        self.out = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        return self.out(self.norm(self.conv(x)).relu())


net = Net()
net.apply(weights_init)
