import torch.nn as nn


class ResBlock(nn.Module):
    def __init__(self, n_feats=64):
        super().__init__()
        self.conv1 = nn.Conv2d(n_feats, n_feats, 3, padding=1)
        self.conv2 = nn.Conv2d(n_feats, n_feats, 3, padding=1)
        self.act = nn.ReLU(True)

    def forward(self, x):
        return x + self.conv2(self.act(self.conv1(x)))


class SR(nn.Module):
    def __init__(self, n_blocks=16, n_feats=64):
        super().__init__()
        self.head = nn.Conv2d(3, n_feats, 3, padding=1)
        self.body = nn.Sequential(*[ResBlock(n_feats) for _ in range(n_blocks)])
        self.tail = nn.Conv2d(n_feats, 3, 3, padding=1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")  # INI508

    def forward(self, x):
        return self.tail(self.body(self.head(x)))
