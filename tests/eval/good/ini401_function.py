import torch.nn as nn
from torch.nn.utils import weight_norm


def conv(cin, cout, k):
    layer = nn.Conv1d(cin, cout, k, padding=k // 2)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return weight_norm(layer)


class Net(nn.Module):
    def __init__(self, ch=32):
        super().__init__()
        self.body = nn.Sequential(conv(1, ch, 5), nn.ReLU(), conv(ch, ch, 5), nn.ReLU())
        self.out = nn.Conv1d(ch, 1, 1)

    def forward(self, x):
        return self.out(self.body(x))
