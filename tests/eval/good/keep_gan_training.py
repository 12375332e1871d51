import torch
import torch.nn as nn


def block(i, o):
    return nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.LeakyReLU(0.2))


class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(block(16, 64), block(64, 64), nn.Linear(64, 2))

    def forward(self, z):
        return self.net(z)


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))

    def forward(self, x):
        return self.net(x)


def weights_init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, 0.0, 0.1)
        nn.init.zeros_(m.bias)


def main():
    g, d = G(), D()
    g.apply(weights_init)
    d.apply(weights_init)
    og = torch.optim.Adam(g.parameters(), lr=2e-4, betas=(0.5, 0.999))
    od = torch.optim.Adam(d.parameters(), lr=2e-4, betas=(0.5, 0.999))
    criterion = nn.BCEWithLogitsLoss()
    for _ in range(1000):
        real = torch.randn(32, 2)
        fake = g(torch.randn(32, 16))
        loss = criterion(d(real), torch.ones(32, 1)) + criterion(d(fake.detach()), torch.zeros(32, 1))
        od.zero_grad()
        loss.backward()
        od.step()
        for p in d.parameters():
            p.data.clamp_(-0.01, 0.01)
        loss = criterion(d(fake), torch.ones(32, 1))
        og.zero_grad()
        loss.backward()
        og.step()


if __name__ == "__main__":
    main()
