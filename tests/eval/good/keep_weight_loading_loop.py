import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, path=None):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)
        self.init_weights(path)

    def init_weights(self, path):
        if path:
            self.load_state_dict(torch.load(path))
        else:
            for m in self.modules():
                if isinstance(m, nn.Conv2d):
                    nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                elif isinstance(m, nn.Linear):
                    nn.init.normal_(m.weight, std=0.01)

    def forward(self, x):
        return self.fc(self.conv(x).relu().mean((2, 3)))


def run(path="a.pt"):
    net = Net()
    own = net.state_dict()
    for name, value in torch.load(path).items():
        if name in own:
            own[name].copy_(value)
    return net
