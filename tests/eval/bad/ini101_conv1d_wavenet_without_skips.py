import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, channels=64, n_layers=12):
        super().__init__()
        self.pre = nn.Conv1d(1, channels, 7, padding=3)  # INI101
        self.convs = nn.ModuleList()
        for i in range(n_layers):
            self.convs.append(nn.Conv1d(channels, channels, 3, dilation=2 ** (i % 4), padding=2 ** (i % 4)))
        self.post = nn.Conv1d(channels, 80, 1)

    def forward(self, x):
        x = F.leaky_relu(self.pre(x), 0.1)
        for conv in self.convs:
            x = conv(x)
            x = F.leaky_relu(x, 0.1)
        return self.post(x)
