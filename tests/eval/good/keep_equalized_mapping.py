import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class EqualLinear(nn.Module):
    def __init__(self, in_dim, out_dim, lr_mul=1.0, activation=None):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_dim, in_dim).div_(lr_mul))
        self.bias = nn.Parameter(torch.zeros(out_dim))
        self.scale = (1 / math.sqrt(in_dim)) * lr_mul
        self.lr_mul = lr_mul
        self.activation = activation

    def forward(self, x):
        out = F.linear(x, self.weight * self.scale, bias=self.bias * self.lr_mul)
        return F.leaky_relu(out, 0.2) * 2 ** 0.5 if self.activation else out


class EqualConv2d(nn.Module):
    def __init__(self, i, o, k, stride=1, padding=0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i, k, k))
        self.scale = 1 / math.sqrt(i * k ** 2)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        return F.conv2d(x, self.weight * self.scale, stride=self.stride, padding=self.padding)


class Mapping(nn.Module):
    def __init__(self, dim=512, n=8):
        super().__init__()
        self.net = nn.Sequential(*[EqualLinear(dim, dim, 0.01, "lrelu") for _ in range(n)])
        self.conv = EqualConv2d(512, 512, 3, padding=1)

    def forward(self, z):
        z = z * torch.rsqrt(z.pow(2).mean(1, keepdim=True) + 1e-8)
        w = self.net(z)
        return self.conv(w[:, :, None, None])


if __name__ == "__main__":
    g = Mapping()
    opt = torch.optim.Adam(g.parameters(), 1e-3)
    g(torch.randn(2, 512)).sum().backward()
    opt.step()
