"""A small classifier of the kind found in many a repository. It trains, slowly; `initlint demo` says why."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn import init


class Features(nn.Module):
    """Eight plain convolutions. Nobody says how they start, so torch's default applies."""

    def __init__(self, width=64):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.conv3 = nn.Conv2d(width, width, 3, padding=1)
        self.conv4 = nn.Conv2d(width, width, 3, padding=1)
        self.conv5 = nn.Conv2d(width, width, 3, padding=1)
        self.conv6 = nn.Conv2d(width, width, 3, padding=1)
        self.conv7 = nn.Conv2d(width, width, 3, padding=1)
        self.conv8 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = F.max_pool2d(x, 2)
        x = F.relu(self.conv5(x))
        x = F.relu(self.conv6(x))
        x = F.max_pool2d(x, 2)
        x = F.relu(self.conv7(x))
        return F.relu(self.conv8(x))


class Head(nn.Module):
    """Two layers before a ReLU and a projection, each with a mistake of its own."""

    def __init__(self, features=1024, classes=10):
        super().__init__()
        self.fc1 = nn.Linear(features, 512)
        self.fc2 = nn.Linear(512, 256)
        self.out = nn.Linear(256, classes)
        init.xavier_normal(self.fc1.weight)                  # a name torch has given up
        init.normal_(self.fc2.weight, 0.02)                  # 0.02 is the mean here
        init.zeros_(self.out.bias)

    def forward(self, x):
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.out(x)


class Decoder(nn.Module):
    """Leaky ReLUs behind batch norm: nothing to complain about."""

    def __init__(self, width=64):
        super().__init__()
        self.up = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.out = nn.Conv2d(width, 3, 3, padding=1)
        init.kaiming_normal_(self.out.weight, nonlinearity="linear")

    def forward(self, x):
        x = F.leaky_relu(self.norm(self.up(x)), 0.2)
        return torch.tanh(self.out(x))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = Features()
        self.head = Head()
        self.decoder = Decoder()

    def forward(self, x):
        x = self.features(x)
        return self.head(x), self.decoder(x)


if __name__ == "__main__":
    print(Model())
