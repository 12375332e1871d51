import torch
import torch.nn as nn


def weights_init_normal(m):
    if isinstance(m, nn.Conv2d):
        nn.init.normal_(m.weight, 0, 0.05)


def weights_init_he(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")


net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 1, 3))
net.apply(weights_init_he)
opt = torch.optim.Adam(net.parameters())
