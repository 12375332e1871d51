import torch
import torch.nn as nn
import torch.nn.functional as F


class Mixer(nn.Module):
    def __init__(self, dim=64, state=16):
        super().__init__()
        self.in_proj = nn.Linear(dim, 2 * dim, bias=False)
        self.conv = nn.Conv1d(dim, dim, 4, groups=dim, padding=3)
        self.x_proj = nn.Linear(dim, dim + 2 * state, bias=False)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1).float()).repeat(dim, 1))
        self.D = nn.Parameter(torch.ones(dim))
        self.dt_bias = nn.Parameter(torch.rand(dim))
        self.out_proj = nn.Linear(dim, dim, bias=False)

    def forward(self, u):
        x, z = self.in_proj(u).chunk(2, dim=-1)
        x = F.silu(self.conv(x.transpose(1, 2))[..., :u.shape[1]].transpose(1, 2))
        dt = F.softplus(self.x_proj(x)[..., :x.shape[-1]] + self.dt_bias)
        y = x * dt * torch.exp(self.A_log).mean(-1) + x * self.D
        return self.out_proj(y * F.silu(z))
