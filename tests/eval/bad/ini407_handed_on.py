import torch
import torch.nn as nn


class Boundary(nn.Module):
    def __init__(self, features=400, hidden=256):
        super().__init__()
        self.conv1 = nn.Conv1d(features, hidden, 3, padding=1)
        self.norm = nn.BatchNorm1d(hidden)
        self.conv2 = nn.Conv1d(hidden, 3, 1)
        self.reset_params()

    @staticmethod
    def weight_init(m):
        if isinstance(m, nn.Conv2d):  # INI407
            nn.init.xavier_normal_(m.weight)
            nn.init.constant_(m.bias, 0)

    def reset_params(self):
        for i, m in enumerate(self.modules()):
            self.weight_init(m)

    def forward(self, x):
        return self.conv2(torch.relu(self.norm(self.conv1(x))))


model = Boundary()
