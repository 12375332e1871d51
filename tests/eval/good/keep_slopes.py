import math

import torch.nn as nn


class Net(nn.Module):
    def __init__(self, slope=0.2):
        super().__init__()
        self.fc1 = nn.Linear(10, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 2)
        self.act = nn.LeakyReLU(slope)
        nn.init.kaiming_normal_(self.fc1.weight, a=slope)
        nn.init.kaiming_normal_(self.fc2.weight, self.act.negative_slope)
        nn.init.kaiming_uniform_(self.fc3.weight, a=math.sqrt(5))

    def forward(self, x):
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))
