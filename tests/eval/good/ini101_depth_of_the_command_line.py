import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=128)
parser.add_argument("-n", "--num-layers", type=int, default=3)
parser.add_argument("--lr", type=float, default=0.01)
args = parser.parse_args()


class Net(nn.Module):
    def __init__(self, inputs, hidden, layers, outputs):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(inputs if i == 0 else hidden, hidden) for i in range(layers)])
        self.out = nn.Linear(hidden, outputs)

    def forward(self, x):
        for layer in self.layers:
            x = F.leaky_relu(layer(x))
        return self.out(x)


net = Net(32, args.hidden, args.num_layers, 4)
optimizer = torch.optim.SGD(net.parameters(), lr=args.lr)
for _ in range(10):
    loss = F.cross_entropy(net(torch.randn(16, 32)), torch.randint(0, 4, (16,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
