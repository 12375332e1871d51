import torch
import torch.nn as nn


class Tokens(nn.Module):
    """A parameter shares the memory of the tensor that it is made of."""

    def __init__(self, dim):
        super().__init__()
        token = torch.empty(1, 1, dim)
        self.token = nn.Parameter(token)
        nn.init.trunc_normal_(token, std=0.02)
        rows = torch.empty(2, dim)
        self.rows = nn.Parameter(rows)
        for row in rows:
            row.zero_()

    def forward(self, x):
        return torch.cat([self.token.expand(x.shape[0], -1, -1), x + self.rows.sum(0)], dim=1)


print(Tokens(8)(torch.rand(2, 3, 8)).shape)
