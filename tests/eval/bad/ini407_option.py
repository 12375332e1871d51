import torch.nn as nn


class Net(nn.Module):
    def __init__(self, norm=False):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8) if norm else nn.Identity()
        for m in self.modules():
            if isinstance(m, nn.BatchNorm1d):  # INI407
                nn.init.ones_(m.weight)

    def forward(self, x):
        return self.norm(self.fc(x))


net = Net()
