import torch.nn as nn


class ConvAct(nn.Module):
    def __init__(self, inp, out, act=nn.SiLU):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out)
        self.act = act()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class Denoiser(nn.Module):
    def __init__(self, width=64, depth=10):
        super().__init__()
        self.stem = ConvAct(3, width)
        self.body = nn.Sequential(*(ConvAct(width, width) for _ in range(depth)))
        self.out = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x):
        return self.out(self.body(self.stem(x)))
