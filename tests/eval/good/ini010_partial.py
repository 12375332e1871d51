from functools import partial

import torch
import torch.nn as nn

INITIALIZERS = {
    "glorot": partial(nn.init.xavier_normal_, gain=2.0),
    "he": partial(nn.init.kaiming_uniform_, nonlinearity="relu"),
}


class Tower(nn.Module):
    def __init__(self, widths=(32, 64, 64), out=4):
        super().__init__()
        self.hidden = nn.ModuleList(nn.Linear(i, o) for i, o in zip(widths, widths[1:]))
        self.head = nn.Linear(widths[-1], out, bias=False)
        for layer in self.hidden:
            INITIALIZERS["he"](layer.weight)
        INITIALIZERS["glorot"](self.head.weight)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.head(x)
