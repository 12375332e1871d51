import torch.nn as nn


class PointNet(nn.Module):
    def __init__(self, classes=40):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(3, 64),  # INI402
            nn.ReLU(),
            nn.Linear(64, 256),
            nn.ReLU(),
        )
        self.classify = nn.Sequential(nn.Linear(256, classes))
        for m in self.children():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                nn.init.zeros_(m.bias)

    def forward(self, points):
        return self.classify(self.mlp(points).amax(dim=1))
