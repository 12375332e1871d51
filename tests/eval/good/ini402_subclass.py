import torch.nn as nn


def init_conv(m):
    if isinstance(m, (nn.Conv1d, nn.Linear)):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


class BaseEncoder(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.stem = nn.Conv1d(channels, 64, 5, padding=2)

    def reset(self):
        self.apply(init_conv)


class AudioEncoder(BaseEncoder):
    def __init__(self, channels=1, dim=128):
        super().__init__(channels)
        self.body = nn.Conv1d(64, dim, 5, padding=2)
        self.proj = nn.Linear(dim, dim)
        self.reset()

    def forward(self, x):
        return self.proj(self.body(self.stem(x).relu()).relu().mean(-1))
