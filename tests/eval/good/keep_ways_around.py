import torch
import torch.nn as nn
import torch.nn.functional as F


class Excitation(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(c, c // 4), nn.Linear(c // 4, c)
        nn.init.xavier_uniform_(self.fc1.weight)

    def forward(self, x):
        scale = torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))
        return x * scale[:, :, None, None]


class Shortcut(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.fc1, self.fc2, self.project = nn.Linear(c, c), nn.Linear(c, c), nn.Linear(c, c)
        nn.init.xavier_uniform_(self.fc1.weight)

    def forward(self, x):
        return self.project(x) + self.fc2(F.relu(self.fc1(x)))


class Normalised(nn.Module):
    def __init__(self, width=256, depth=14):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.out = nn.Linear(width, 64)
        for layer in self.layers:
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return F.normalize(self.out(x), dim=-1)


class GatedHead(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.gate, self.value = nn.Linear(width, width), nn.Linear(width, width)
        nn.init.xavier_uniform_(self.fc.weight)

    def forward(self, x):
        h = F.relu(self.fc(x))
        return torch.sigmoid(self.gate(h)) * self.value(h)
