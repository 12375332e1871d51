import torch.nn as nn


def mlp(d, h, depth):
    seq = []
    for i in range(depth):
        seq += [nn.Linear(d if i == 0 else h, h), nn.SELU()]
    return nn.Sequential(*seq, nn.Linear(h, 1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = mlp(10, 64, 6)
        for m in self.body.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")  # INI501

    def forward(self, x):
        return self.body(x)
