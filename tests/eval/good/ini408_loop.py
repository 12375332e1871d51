import torch.nn as nn


class Model(nn.Module):
    def __init__(self, n=100, d=32):
        super().__init__()
        self.user = nn.Embedding(n, d)
        self.item = nn.Embedding(n, d, padding_idx=0)
        for emb in [self.user, self.item]:
            nn.init.normal_(emb.weight, std=0.01)
            if getattr(emb, "padding_idx", None) is not None:
                nn.init.zeros_(emb.weight[emb.padding_idx])

    def forward(self, u, i):
        return (self.user(u) * self.item(i).mean(1)).sum(-1)
