import torch.nn as nn


def dense(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.constant_(layer.bias, 0.01)
    return layer


class Value(nn.Module):
    def __init__(self, obs=11):
        super().__init__()
        self.net = nn.Sequential(dense(obs, 128), nn.Softsign(), dense(128, 128), nn.Softsign(), dense(128, 1))

    def forward(self, x):
        return self.net(x)
