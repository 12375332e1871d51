import argparse

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, fill, scheme):
        super().__init__()
        self.w = nn.Parameter(torch.empty(64, 64))
        self.fc = nn.Linear(64, 4)
        if fill:
            nn.init.normal_(self.w, std=0.1)
        if scheme == "zeros":
            nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return self.fc(torch.relu(x @ self.w))


parser = argparse.ArgumentParser()
parser.add_argument("--fill", action="store_true")
parser.add_argument("--scheme", default="zeros")
args = parser.parse_args()
net = Net(args.fill, args.scheme)
