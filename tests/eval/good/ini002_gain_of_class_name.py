import torch.nn as nn


def init_layers(layers, activation="ReLU"):
    gain = nn.init.calculate_gain(activation.lower())
    for layer in layers:
        nn.init.orthogonal_(layer.weight, gain=gain)


class QNetwork(nn.Module):
    def __init__(self, obs=8, actions=4):
        super().__init__()
        self.fc1 = nn.Linear(obs, 64)
        self.fc2 = nn.Linear(64, 64)
        self.q = nn.Linear(64, actions)
        init_layers([self.fc1, self.fc2])

    def forward(self, x):
        return self.q(self.fc2(self.fc1(x).relu()).relu())
