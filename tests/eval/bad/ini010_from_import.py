from torch import nn
from torch.nn.init import orthogonal, xavier_uniform


class Mlp(nn.Module):
    def __init__(self, inputs=32, hidden=64, outputs=2):
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.fc2 = nn.Linear(hidden, outputs)
        xavier_uniform(self.fc1.weight)  # INI010
        orthogonal(self.fc2.weight)  # INI010

    def forward(self, x):
        return self.fc2(self.fc1(x).tanh())
