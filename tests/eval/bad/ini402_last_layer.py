import torch.nn as nn


class Head(nn.Module):
    def __init__(self, dim=384, prototypes=4096):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(dim, 1024), nn.GELU(), nn.Linear(1024, 256))
        self.apply(self._init_weights)
        self.last_layer = nn.Linear(256, prototypes, bias=False)  # INI402

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.last_layer(nn.functional.normalize(self.mlp(x), dim=-1))
