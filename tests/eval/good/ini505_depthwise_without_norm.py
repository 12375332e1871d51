import torch.nn as nn


class LargeKernel(nn.Module):
    """Batch norm hides the scale, as in MobileNet."""

    def __init__(self, dim=96):
        super().__init__()
        self.dw = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.bn = nn.BatchNorm2d(dim)
        self.act = nn.ReLU()
        self.pw = nn.Conv2d(dim, 10, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d) and m.groups > 1:
                nn.init.kaiming_normal_(m.weight, mode="fan_out")

    def forward(self, x):
        return self.pw(self.act(self.bn(self.dw(x))))
