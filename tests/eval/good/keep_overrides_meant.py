import torch.nn as nn


class Net(nn.Module):
    def __init__(self, final=True):
        super().__init__()
        self.fc1 = nn.Linear(10, 10)
        self.fc2 = nn.Linear(10, 10)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                nn.init.zeros_(m.bias)
        nn.init.zeros_(self.fc2.weight)
        nn.init.normal_(self.fc1.weight, std=0.1)
        if final:
            nn.init.normal_(self.fc1.weight, std=0.2)
        nn.init.ones_(self.fc1.bias)
        self.fc1.bias.data.mul_(0.1)
        w = self.fc2.weight.clone()
        nn.init.normal_(w, std=1e-3)
        self.fc2.weight.data.copy_(w)

    def forward(self, x):
        return x + self.fc2(self.fc1(x).relu())
