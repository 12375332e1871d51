import torch.nn as nn
import torch.nn.functional as F


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1, self.e2 = nn.Linear(784, 512), nn.Linear(512, 256)  # INI101
        self.e3, self.e4 = nn.Linear(256, 128), nn.Linear(128, 32)
        self.d1, self.d2 = nn.Linear(32, 128), nn.Linear(128, 256)
        self.d3, self.d4 = nn.Linear(256, 512), nn.Linear(512, 784)

    def encode(self, x):
        for layer in [self.e1, self.e2, self.e3, self.e4]:
            x = F.relu(layer(x))
        return x

    def decode(self, z):
        z = F.relu(self.d1(z))
        z = F.relu(self.d2(z))
        z = F.relu(self.d3(z))
        return self.d4(z)

    def forward(self, x):
        return self.decode(self.encode(x))
