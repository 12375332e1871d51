import torch.nn as nn
import torch.nn.functional as F


class Projector(nn.Module):
    def __init__(self, dim=512):
        super().__init__()
        self.fc1 = nn.Linear(dim, dim)  # INI101
        self.fc2 = nn.Linear(dim, dim)
        self.fc3 = nn.Linear(dim, dim)
        self.fc4 = nn.Linear(dim, dim)
        self.fc5 = nn.Linear(dim, dim)
        self.fc6 = nn.Linear(dim, dim)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(dim, 64)

    def forward(self, x):
        for layer in (self.fc1, self.fc2, self.fc3, self.fc4, self.fc5, self.fc6):
            x = self.dropout(F.gelu(layer(x)))
        return self.head(x)
