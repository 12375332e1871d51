"""The layer built behind the pass is computed from tensors with inits of their own; a later pass would be lost."""

import torch.nn as nn


class Head(nn.Module):
    def __init__(self, dim=384, prototypes=4096):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(dim, 1024), nn.GELU(), nn.Linear(1024, 256))
        self.apply(self._init_weights)
        self.last_layer = nn.utils.weight_norm(nn.Linear(256, prototypes, bias=False))
        self.last_layer.weight_g.data.fill_(1)
        nn.init.normal_(self.last_layer.weight_v, std=0.02)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.last_layer(nn.functional.normalize(self.mlp(x), dim=-1))
