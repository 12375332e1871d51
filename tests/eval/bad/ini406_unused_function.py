import torch
import torch.nn as nn


def xavier(m):  # INI406
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        nn.init.zeros_(m.bias)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)

    def forward(self, x):
        return self.fc(x)


def main():
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    loss = net(torch.randn(2, 3)).sum()
    loss.backward()
    opt.step()


if __name__ == "__main__":
    main()
