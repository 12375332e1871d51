from torch import nn
from torch.nn.init import orthogonal_, xavier_uniform_


class Mlp(nn.Module):
    def __init__(self, inputs=32, hidden=64, outputs=2):
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.fc2 = nn.Linear(hidden, outputs)
        xavier_uniform_(self.fc1.weight)
        orthogonal_(self.fc2.weight)

    def forward(self, x):
        return self.fc2(self.fc1(x).tanh())
