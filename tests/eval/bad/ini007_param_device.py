import torch
import torch.nn as nn


class Prompt(nn.Module):
    def __init__(self, n=10, d=64):
        super().__init__()
        self.prompt = nn.Parameter(torch.randn(n, d) * 0.02).to(torch.float16)  # INI007
        self.proj = nn.Linear(d, d)

    def forward(self, x):
        return self.proj(torch.cat([self.prompt.expand(len(x), -1, -1), x], dim=1))
