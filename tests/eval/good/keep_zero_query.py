import torch.nn as nn
import torch.nn.functional as F


class ZeroQuery(nn.Module):
    """One zero factor in each product: uniform attention to begin with, and gradients for all."""

    def __init__(self, dim=128):
        super().__init__()
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_k = nn.Linear(dim, dim, bias=False)
        self.to_v = nn.Linear(dim, dim, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        nn.init.zeros_(self.to_q.weight)
        nn.init.zeros_(self.to_out.weight)

    def forward(self, x):
        return x + self.to_out(F.scaled_dot_product_attention(self.to_q(x), self.to_k(x), self.to_v(x)))
