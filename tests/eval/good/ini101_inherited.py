import torch.nn as nn


class Base(nn.Module):
    act = nn.ReLU
    depth = 3

    def __init__(self, width=128):
        super().__init__()
        blocks = []
        for _ in range(self.depth):
            blocks.extend((nn.Linear(width, width), self.act()))
        self.body = nn.Sequential(*blocks)
        self.head = nn.Linear(width, 2)
        self.reset()

    def reset(self):
        pass

    def forward(self, x):
        return self.head(self.body(x))


class Deep(Base):
    depth = 12

    def reset(self):
        for layer in self.body[::2]:
            nn.init.kaiming_normal_(layer.weight)


class Shallow(Base):
    pass
