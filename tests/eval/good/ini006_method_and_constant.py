import torch.nn as nn

INIT_STD = 0.01


class MatrixFactorization(nn.Module):
    def __init__(self, users=1000, items=2000, dim=32):
        super().__init__()
        self.user = nn.Embedding(users, dim)
        self.item = nn.Embedding(items, dim)
        self.user.weight.data.normal_(0, INIT_STD)
        self.item.weight.data.normal_(std=INIT_STD)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(-1)
