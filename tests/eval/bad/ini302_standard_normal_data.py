import torch.nn as nn


class Wide(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(64, 64, 3, padding=1)
        self.bn = nn.BatchNorm2d(64)
        self.act = nn.ReLU()
        self.fc = nn.Linear(64, 10)
        self.conv.weight.data.normal_()  # INI302

    def forward(self, x):
        return self.fc(self.act(self.bn(self.conv(x))).mean((2, 3)))
