"""Ways to write to weights that go by neither `modules()` nor `parameters()`: every net here is initialised."""
import math

import numpy as np
import torch
import torch.nn as nn
from engine import Engine
from torch.nn import functional as F


class Deep(nn.Module):
    def __init__(self, dim=128, depth=10):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


def he(net):
    for module in net.modules():
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


STD = math.sqrt(2 / 128)
by_state = Deep()
for name, weight in by_state.state_dict().items():
    if weight.dim() > 1:
        nn.init.kaiming_normal_(weight, nonlinearity="relu")

by_key = Deep()
state = by_key.state_dict()
for key in state:
    if key.endswith("weight"):
        state[key].normal_(0, STD)

copied = Deep()
own = copied.state_dict()
for key, value in torch.load("weights.pt").items():
    if key in own:
        own[key].copy_(value)

by_output = Deep()
for layer in by_output.layers:
    torch.normal(0.0, STD, size=(128, 128), out=layer.weight.data)

set_anew = Deep()
with torch.no_grad():
    for layer in set_anew.layers:
        layer.weight.set_(torch.randn(128, 128) * STD)

by_numpy = Deep()
for layer in by_numpy.layers:
    array = layer.weight.detach().numpy()
    array[:] = np.random.randn(128, 128) * STD

by_text = Deep()
exec("he(by_text)")

by_callback = Deep()
engine = Engine()
engine.on_start(lambda: he(by_callback))


class Session:
    def __init__(self, net):
        self.net = net

    def __enter__(self):
        return self.net

    def __exit__(self, *problem):
        he(self.net)


with Session(Deep()) as by_session:
    print(by_session)
