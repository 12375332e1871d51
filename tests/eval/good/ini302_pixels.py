import torch
import torch.nn as nn


class Equalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(512, 512, bias=False)
        nn.init.normal_(self.fc.weight)

    def forward(self, x):
        return torch.relu(self.fc(x * 0.0442))
