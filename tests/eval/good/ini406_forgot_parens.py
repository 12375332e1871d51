import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4, 2)
        self.reset_parameters()

    def reset_parameters(self):
        for m in (self.conv, self.fc):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc(self.conv(x).relu().mean((2, 3)))


if __name__ == "__main__":
    net = Net()
    torch.optim.SGD(net.parameters(), lr=0.1)
