"""Functions that guard torch's and hand everything on: what is wrong is wrong where they are called."""

import torch.nn as nn

TORCH = {"normal_": nn.init.normal_, "ones_": nn.init.ones_}


def normal_(tensor, mean=0.0, std=1.0):
    if not getattr(tensor, "_is_initialized", False):
        return TORCH["normal_"](tensor, mean=mean, std=std)
    return tensor


class Tokens(nn.Module):
    def __init__(self, vocab=1000, dim=64):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim, padding_idx=0)
        self.out = nn.Linear(dim, vocab)
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, nn.Embedding):
            normal_(module.weight, mean=0.0, std=0.02)  # INI408
        elif isinstance(module, nn.Linear):
            normal_(module.weight, 0.02)  # INI006

    def forward(self, ids):
        return self.out(self.embed(ids))
