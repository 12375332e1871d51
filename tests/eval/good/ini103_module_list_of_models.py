import torch
import torch.nn as nn


class Expert(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.hidden = nn.Linear(inputs, 256)
        self.out = nn.Linear(256, outputs)
        nn.init.kaiming_normal_(self.hidden.weight, nonlinearity="relu")
        nn.init.zeros_(self.hidden.bias)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


def main():
    experts = nn.ModuleList([Expert(16, 4) for _ in range(3)])
    optimizer = torch.optim.Adam(experts.parameters())
    for expert in experts:
        expert(torch.randn(2, 16)).sum().backward()
    optimizer.step()


if __name__ == "__main__":
    main()
