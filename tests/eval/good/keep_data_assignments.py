import numpy as np
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, vectors=None, n=100, d=16):
        super().__init__()
        self.embed = nn.Embedding(n, d)
        self.embed.weight.data = torch.from_numpy(np.random.randn(n, d).astype("float32"))
        self.fc = nn.Linear(d, d)
        self.fc.bias = None
        self.fc.weight.data = self.fc.weight.data * 0.5
        self.heads = nn.ParameterList([nn.Parameter(torch.randn(d, d) / d ** 0.5) for _ in range(2)])
        self.register_parameter("scale", nn.Parameter(torch.ones(d)))
        if vectors is not None:
            self.embed.weight = nn.Parameter(vectors)
            self.embed.weight.requires_grad = False

    def forward(self, x):
        h = self.fc(self.embed(x)) * self.scale
        for w in self.heads:
            h = h + h @ w
        return h
