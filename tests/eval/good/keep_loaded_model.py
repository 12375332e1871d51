import torch
import torch.nn as nn


class Deep(nn.Module):
    def __init__(self, width=256, depth=12):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(width, 10))

    def forward(self, x):
        return self.net(x)


def main():
    model = Deep()
    model.load_state_dict(torch.load("deep.pt"))
    return model.eval()
