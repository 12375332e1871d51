import torch.nn as nn


class Scorer(nn.Module):
    """The gain of the head, for a sigmoid."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 1),
        )
        nn.init.kaiming_normal_(self.features[4].weight, nonlinearity="sigmoid")

    def forward(self, x):
        return self.features(x).sigmoid()
