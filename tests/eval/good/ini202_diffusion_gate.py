import math
import torch
import torch.nn as nn
import torch.nn.functional as F


def zero_module(module):
    for p in module.parameters():
        p.detach().zero_()
    return module


def timestep_embedding(t, dim, max_period=10000):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half, dtype=torch.float32) / half)
    args = t[:, None].float() * freqs[None]
    return torch.cat([torch.cos(args), torch.sin(args)], dim=-1)


class ResBlock(nn.Module):
    def __init__(self, c, emb):
        super().__init__()
        self.in_layers = nn.Sequential(nn.GroupNorm(8, c), nn.SiLU(), nn.Conv2d(c, c, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(emb, c))
        self.out_layers = nn.Sequential(nn.GroupNorm(8, c), nn.SiLU(), zero_module(nn.Conv2d(c, c, 3, padding=1)))
        self.gate = nn.Parameter(torch.ones(1))

    def forward(self, x, emb):
        h = self.in_layers(x) + self.emb_layers(emb)[..., None, None]
        return x + self.gate * self.out_layers(h)


class UNetModel(nn.Module):
    def __init__(self, ch=32, n=3):
        super().__init__()
        self.ch = ch
        self.time_embed = nn.Sequential(nn.Linear(ch, 4 * ch), nn.SiLU(), nn.Linear(4 * ch, 4 * ch))
        self.inp = nn.Conv2d(3, ch, 3, padding=1)
        self.blocks = nn.ModuleList([ResBlock(ch, 4 * ch) for _ in range(n)])
        self.out = nn.Sequential(nn.GroupNorm(8, ch), nn.SiLU(), zero_module(nn.Conv2d(ch, 3, 3, padding=1)))

    def forward(self, x, t):
        emb = self.time_embed(timestep_embedding(t, self.ch))
        h = self.inp(x)
        for b in self.blocks:
            h = b(h, emb)
        return self.out(h)


if __name__ == "__main__":
    model = UNetModel()
    opt = torch.optim.AdamW(model.parameters(), 1e-4)
    x0, t = torch.randn(2, 3, 16, 16), torch.randint(0, 1000, (2,))
    loss = F.mse_loss(model(x0, t), torch.randn_like(x0))
    loss.backward()
    opt.step()
