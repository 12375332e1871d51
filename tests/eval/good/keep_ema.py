import copy

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(x)


class Ema:
    def __init__(self, model, decay=0.99):
        self.model = copy.deepcopy(model).eval()
        self.decay = decay
        for p in self.model.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for a, b in zip(self.model.parameters(), model.parameters()):
            a.mul_(self.decay).add_(b, alpha=1 - self.decay)


class Byol(nn.Module):
    def __init__(self):
        super().__init__()
        self.online = Net()
        self.target = copy.deepcopy(self.online)
        for po, pt in zip(self.online.parameters(), self.target.parameters()):
            pt.data.copy_(po.data)
            pt.requires_grad = False

    @torch.no_grad()
    def momentum(self, m=0.99):
        for po, pt in zip(self.online.parameters(), self.target.parameters()):
            pt.data = pt.data * m + po.data * (1.0 - m)

    def forward(self, x):
        return self.online(x), self.target(x)


if __name__ == "__main__":
    net = Net()
    ema = Ema(net)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    net(torch.randn(2, 4)).sum().backward()
    opt.step()
    ema.update(net)
