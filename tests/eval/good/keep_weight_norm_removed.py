import torch.nn as nn
from torch.nn.utils import remove_weight_norm, weight_norm


class Net(nn.Module):
    def __init__(self, ch=32, use_norm=True):
        super().__init__()
        self.a = weight_norm(nn.Conv1d(1, ch, 5, padding=2))
        nn.init.normal_(self.a.weight_v, std=0.01)
        nn.init.ones_(self.a.weight_g)
        self.b = weight_norm(nn.Conv1d(ch, ch, 5, padding=2))
        remove_weight_norm(self.b)
        nn.init.normal_(self.b.weight, std=0.1)
        self.c = nn.Conv1d(ch, 1, 1)
        nn.init.zeros_(self.c.weight)
        if use_norm:
            self.b = weight_norm(self.b)

    def forward(self, x):
        return self.c(self.b(self.a(x).relu()).relu())
