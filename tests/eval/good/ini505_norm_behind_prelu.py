import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.expand = nn.Conv1d(width, width, 1, bias=False)
        self.depthwise = nn.Conv1d(width, width, 3, padding=1, groups=width, bias=False)
        self.act = nn.PReLU()
        self.norm = nn.GroupNorm(1, width)
        self.project = nn.Conv1d(width, width, 1, bias=False)
        nn.init.xavier_normal_(self.depthwise.weight)

    def forward(self, x):
        return self.project(self.norm(self.act(self.depthwise(self.expand(x)))))
