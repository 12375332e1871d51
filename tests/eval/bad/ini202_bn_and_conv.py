import torch.nn as nn


class Branch(nn.Module):
    def __init__(self, ch=32):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(ch, ch, 3, padding=1, bias=False), nn.BatchNorm2d(ch))
        nn.init.zeros_(self.body[0].weight)  # INI202
        nn.init.zeros_(self.body[1].weight)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(x + self.body(x))
