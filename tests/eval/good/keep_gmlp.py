import torch.nn as nn


class SpatialGatingUnit(nn.Module):
    def __init__(self, dim, length):
        super().__init__()
        self.norm = nn.LayerNorm(dim // 2)
        self.proj = nn.Linear(length, length)
        nn.init.normal_(self.proj.weight, std=1e-6)
        nn.init.ones_(self.proj.bias)

    def forward(self, x):
        u, v = x.chunk(2, dim=-1)
        v = self.proj(self.norm(v).transpose(-1, -2))
        return u * v.transpose(-1, -2)


class GMlpBlock(nn.Module):
    def __init__(self, dim=128, hidden=512, length=64):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.gate = SpatialGatingUnit(hidden, length)
        self.fc2 = nn.Linear(hidden // 2, dim)

    def forward(self, x):
        return x + self.fc2(self.gate(self.act(self.fc1(self.norm(x)))))
