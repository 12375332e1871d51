import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 10)
        self.fc.weight.data.clone().fill_(0.1)  # INI404
        nn.init.constant_(self.fc.bias.clone(), 0.5)  # INI404

    def forward(self, x):
        return self.fc(x)
