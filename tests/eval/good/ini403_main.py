import torch
import torch.nn as nn


class Bilinear(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.w = nn.Parameter(torch.empty(d, d))
        nn.init.xavier_uniform_(self.w)
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, x, y):
        return ((x @ self.w) * y).sum(-1) + self.b


def main():
    model = Bilinear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        x, y = torch.randn(4, 16), torch.randn(4, 16)
        loss = model(x, y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
