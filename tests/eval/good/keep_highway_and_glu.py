import torch
import torch.nn as nn
import torch.nn.functional as F


class Highway(nn.Module):
    def __init__(self, dim=128, depth=6):
        super().__init__()
        self.plain = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.gate = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        for gate in self.gate:
            nn.init.constant_(gate.bias, -2.0)
        for plain in self.plain:
            nn.init.xavier_uniform_(plain.weight)

    def forward(self, x):
        for plain, gate in zip(self.plain, self.gate):
            t = torch.sigmoid(gate(x))
            x = t * F.relu(plain(x)) + (1 - t) * x
        return x


class SwiGLU(nn.Module):
    def __init__(self, dim=128, hidden=256):
        super().__init__()
        self.w1 = nn.Linear(dim, hidden, bias=False)
        self.w2 = nn.Linear(hidden, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden, bias=False)
        for layer in (self.w1, self.w2, self.w3):
            nn.init.xavier_normal_(layer.weight)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))
