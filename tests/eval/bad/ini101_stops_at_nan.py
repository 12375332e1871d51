"""Deep stacks that stop where the signal is no number any more."""
import torch
import torch.nn as nn


class Deep(nn.Module):
    def __init__(self, width=100, depth=24):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.last = nn.Linear(width, 10)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_normal_(module.weight)  # INI101

    def forward(self, x):
        for index, layer in enumerate(self.layers):
            x = torch.relu(layer(x))
            if torch.isnan(x.std()) or not torch.isfinite(x).all():
                print("no number after", index)
                break
        return self.last(x)


net = Deep()
