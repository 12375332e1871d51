import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 3)
        self.c2 = nn.Conv2d(32, 32, 3)
        self.c3 = nn.Conv2d(32, 32, 3)
        self.c4 = nn.Conv2d(32, 32, 3)
        self.fc = nn.Linear(32, 10)
        for m in self.children():
            nn.init.kaiming_normal_(m.weight)  # INI105

    def forward(self, x):
        for conv in (self.c1, self.c2, self.c3, self.c4):
            x = F.sigmoid(conv(x))
        return self.fc(x.mean((-1, -2)))
