import torch.nn as nn
import torch.nn.functional as F


class Up(nn.Module):
    def __init__(self, ch=32):
        super().__init__()
        self.conv = nn.Conv2d(ch, ch, 3, padding=1, bias=False)
        self.norm = nn.GroupNorm(8, ch)
        self.out = nn.Conv2d(ch, 3, 1)
        nn.init.zeros_(self.conv.weight)  # INI204

    def forward(self, x):
        return self.out(F.silu(self.norm(self.conv(x))))
