import torch.nn as nn


class Ranker(nn.Module):
    def __init__(self, items=5000, dim=64):
        super().__init__()
        self.item = nn.Embedding(items, dim, padding_idx=0)
        self.norm = nn.LayerNorm(dim)
        self.score = nn.Linear(dim, 1)
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            module.weight.data.normal_(mean=0.0, std=0.02)  # INI408

    def forward(self, items):
        return self.score(self.norm(self.item(items)).mean(dim=1))
