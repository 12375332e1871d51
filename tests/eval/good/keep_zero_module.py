import torch.nn as nn


def zero_module(module):
    for p in module.parameters():
        p.detach().zero_()
    return module


class ResBlock(nn.Module):
    def __init__(self, ch, emb):
        super().__init__()
        self.in_layers = nn.Sequential(nn.GroupNorm(32, ch), nn.SiLU(), nn.Conv2d(ch, ch, 3, padding=1))
        self.emb = nn.Sequential(nn.SiLU(), nn.Linear(emb, ch))
        self.out_layers = nn.Sequential(
            nn.GroupNorm(32, ch), nn.SiLU(), nn.Dropout(0.1), zero_module(nn.Conv2d(ch, ch, 3, padding=1))
        )

    def forward(self, x, emb):
        h = self.in_layers(x) + self.emb(emb)[..., None, None]
        return x + self.out_layers(h)


class ControlNet(nn.Module):
    def __init__(self, ch=64, emb=128):
        super().__init__()
        self.hint = zero_module(nn.Conv2d(3, ch, 3, padding=1))
        self.stem = nn.Conv2d(3, ch, 3, padding=1)
        self.block = ResBlock(ch, emb)
        self.zero_conv = zero_module(nn.Conv2d(ch, ch, 1))

    def forward(self, x, hint, emb):
        h = self.stem(x) + self.hint(hint)
        return self.zero_conv(self.block(h, emb))
