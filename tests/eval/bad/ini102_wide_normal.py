import torch.nn as nn
from torch.nn import init


def init_weights(m):
    if isinstance(m, nn.Linear):
        init.normal_(m.weight, mean=0.0, std=0.3)  # INI102
        init.constant_(m.bias, 0.0)


class Net(nn.Module):
    def __init__(self, act=nn.Tanh):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(128, 128), act(), nn.Linear(128, 128), act(), nn.Linear(128, 128), act(),
            nn.Linear(128, 128), act(), nn.Linear(128, 10),
        )

    def forward(self, x):
        return self.net(x)


model = Net(act=nn.ReLU)
model.apply(init_weights)
