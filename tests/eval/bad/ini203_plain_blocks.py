import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.project = nn.Conv2d(inputs, width, 1, bias=False)

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out)


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.a = Block(3, 32)
        self.b = Block(32, 64)
        self.fc = nn.Linear(64, classes)
        for m in self.modules():
            if isinstance(m, Block):
                nn.init.constant_(m.bn2.weight, 0)  # INI203

    def forward(self, x):
        return self.fc(self.b(self.a(x)).mean((2, 3)))
