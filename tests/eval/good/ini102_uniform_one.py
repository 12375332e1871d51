import torch
import torch.nn as nn


class Q(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 2)
        self.init_weights()

    def init_weights(self):
        for layer in (self.fc1, self.fc2, self.fc3):
            bound = (3 / layer.in_features) ** 0.5
            layer.weight.data.uniform_(-bound, bound)
            layer.bias.data.fill_(0)

    def forward(self, x):
        return self.fc4(torch.relu(self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))))
