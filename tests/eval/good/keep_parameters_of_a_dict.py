import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import OrderedDict


class MetaMLP(nn.Module):
    def __init__(self, sizes=(1, 40, 40, 1)):
        super().__init__()
        self.params = nn.ParameterDict()
        for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
            w = nn.Parameter(torch.empty(b, a))
            nn.init.kaiming_normal_(w)
            self.params[f"w{i}"] = w
            self.params[f"b{i}"] = nn.Parameter(torch.zeros(b))
        self.n = len(sizes) - 1

    def forward(self, x, params=None):
        params = params if params is not None else self.params
        for i in range(self.n):
            x = F.linear(x, params[f"w{i}"], params[f"b{i}"])
            if i < self.n - 1:
                x = F.relu(x)
        return x


def adapt(model, x, y, lr=0.01, steps=1):
    params = OrderedDict(model.params.items())
    for _ in range(steps):
        loss = F.mse_loss(model(x, params), y)
        grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
        params = OrderedDict((n, p - lr * g) for (n, p), g in zip(params.items(), grads))
    return params


model = MetaMLP()
opt = torch.optim.Adam(model.parameters(), 1e-3)
for it in range(3):
    opt.zero_grad()
    x = torch.rand(10, 1) * 10 - 5
    y = torch.sin(x)
    fast = adapt(model, x, y)
    F.mse_loss(model(x, fast), y).backward()
    opt.step()
