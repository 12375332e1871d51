import torch.nn as nn


class Classic(nn.Module):
    def __init__(self, sizes=(784, 128, 128, 64, 10)):
        super().__init__()
        modules = []
        for i in range(len(sizes) - 2):
            modules += [nn.Linear(sizes[i], sizes[i + 1]), nn.Sigmoid()]  # INI105
        modules.append(nn.Linear(sizes[-2], sizes[-1]))
        self.net = nn.Sequential(*modules)

    def forward(self, x):
        return self.net(x.flatten(1))
