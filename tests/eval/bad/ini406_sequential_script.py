import torch
import torch.nn as nn


def init_weights(m):  # INI406
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)


net = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters())
