"""Forward hooks whose results stand for what a layer gives."""
import torch.nn as nn
import torch.nn.functional as F


def normalised(module, inputs, output):
    return F.layer_norm(output, output.shape[-1:])


class Deep(nn.Module):
    def __init__(self, dim=64, depth=12):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.out = nn.Linear(dim, 1)
        for layer in self.layers:
            layer.register_forward_hook(normalised)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


class Residual(nn.Module):
    def __init__(self, dim=64, depth=12):
        super().__init__()
        self.layers = nn.Sequential(*[nn.Sequential(nn.Linear(dim, dim), nn.ReLU()) for _ in range(depth)])
        self.out = nn.Linear(dim, 1)
        for layer in self.layers:
            layer.register_forward_hook(self.add)

    @staticmethod
    def add(module, inputs, output):
        return inputs[0] + output

    def forward(self, x):
        return self.out(self.layers(x))


nets = [Deep(), Residual()]
