import argparse
import os

import torch
import torch.nn as nn
import torch.nn.functional as F


class Critic(nn.Module):
    def __init__(self, ch=64):
        super().__init__()
        self.c1 = nn.Conv2d(3, ch, 4, 2, 1)
        self.c2 = nn.Conv2d(ch, ch * 2, 4, 2, 1)
        self.out = nn.Conv2d(ch * 2, 1, 1)
        for m in (self.c1, self.c2):
            nn.init.uniform_(m.weight, 0.0, 0.1)  # INI303

    def forward(self, x):
        return self.out(F.leaky_relu(self.c2(F.leaky_relu(self.c1(x), 0.2)), 0.2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--resume", default="")
    args = parser.parse_args()
    net = Critic()
    optimizer = torch.optim.Adam(net.parameters(), 1e-4)
    if args.resume and os.path.isfile(args.resume):
        checkpoint = torch.load(args.resume, map_location="cpu")
        net.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
    for _ in range(3):
        loss = net(torch.randn(2, 3, 32, 32)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
