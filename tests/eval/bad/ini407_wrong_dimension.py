import torch.nn as nn


class WaveNetLite(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.front = nn.Conv1d(1, channels, 1)
        self.norm = nn.BatchNorm1d(channels)
        self.out = nn.Conv1d(channels, 256, 1)
        self._initialize_weights()

    def _initialize_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):  # INI407
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.out(self.norm(self.front(x)).relu())
