import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, dim=64, depth=3):
        super().__init__()
        self.blocks = nn.ModuleList()
        for i in range(depth):
            block = nn.Linear(dim, dim, bias=False)
            if i == 1:
                block.weight.data.fill_(0.0)  # INI201
            self.blocks.append(block)
        self.act = nn.ReLU6()
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for block in self.blocks:
            x = self.act(block(x))
        return self.out(x)
