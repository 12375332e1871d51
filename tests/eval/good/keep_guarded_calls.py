import torch.nn as nn


def init(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        if m.bias is not None:
            nn.init.zeros_(m.bias)
    elif hasattr(m, "weight") and m.weight is not None:
        nn.init.ones_(m.weight)
    try:
        nn.init.zeros_(m.bias)
    except AttributeError:
        pass


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.norm = nn.BatchNorm2d(8, affine=False)
        self.act = nn.ReLU()
        self.fc = nn.Linear(8, 2)
        self.apply(init)

    def forward(self, x):
        return self.fc(self.act(self.norm(self.conv(x))).mean((2, 3)))
