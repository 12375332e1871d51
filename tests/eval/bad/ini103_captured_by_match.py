from enum import Enum

import torch.nn as nn


class Act(str, Enum):
    RELU = "relu"
    TANH = "tanh"

    def build(self):
        return {"relu": nn.ReLU, "tanh": nn.Tanh}[self]()


class Tower(nn.Module):
    def __init__(self, width: int = 64, act: Act = Act("relu")):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(width, width), act.build(), nn.Linear(width, width), act.build())
        self.head = nn.Linear(width, 1)
        for module in self.body:
            match module:
                case nn.Linear(weight=weight, bias=bias):
                    nn.init.xavier_uniform_(weight)  # INI103
                    nn.init.zeros_(bias)

    def forward(self, x):
        return self.head(self.body(x))


tower = Tower()
