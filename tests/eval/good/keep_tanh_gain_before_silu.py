import torch.nn as nn


class Agent(nn.Module):
    def __init__(self, observed: int, actions: int, hidden=(256, 256)):
        super().__init__()
        sizes = (observed, *hidden)
        self.trunk = nn.Sequential()
        for number, (inputs, outputs) in enumerate(zip(sizes[:-1], sizes[1:])):
            self.trunk.add_module(f"linear{number}", self.layer(inputs, outputs))
            self.trunk.add_module(f"silu{number}", nn.SiLU())
        self.policy = self.layer(sizes[-1], actions, gain=0.01)

    @staticmethod
    def layer(inputs, outputs, gain=nn.init.calculate_gain("tanh")):
        linear = nn.Linear(inputs, outputs)
        nn.init.orthogonal_(linear.weight, gain)
        nn.init.zeros_(linear.bias)
        return linear

    def forward(self, x):
        return self.policy(self.trunk(x))
