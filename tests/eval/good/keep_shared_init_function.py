import torch.nn as nn


def weights_init(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
    elif name.find("BatchNorm") != -1:
        nn.init.ones_(m.weight)
        nn.init.zeros_(m.bias)
    elif isinstance(m, nn.Linear):
        nn.init.zeros_(m.bias)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.out = nn.Conv2d(16, 1, 1)
        self.apply(weights_init)
        for name, p in self.named_parameters():
            if "lora" in name or name.endswith("out.weight"):
                nn.init.zeros_(p)

    def forward(self, x):
        return self.out(self.conv(x).relu())
