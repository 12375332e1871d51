import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        for name, param in self.named_parameters():
            if name.startswith("features"):  # INI407
                nn.init.normal_(param, 0, 0.01)

    def forward(self, x):
        return self.conv2(self.conv1(x).relu())
