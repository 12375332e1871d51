"""Whether the model is an LSTM is not known, since a base of it is not; what only an LSTM would get is no error."""

import detection_layers
import torch
from peft_mixins import AdapterMixin
from torch import nn


class RMSNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Base(nn.Module):
    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LSTM):
            for name, param in module.named_parameters():
                if "weight" in name:
                    nn.init.xavier_uniform_(param)
        elif isinstance(module, detection_layers.FrozenBatchNorm2d):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)


class Decoder(Base, AdapterMixin):
    def __init__(self, dim=256, depth=2):
        super().__init__()
        self.embed = nn.Embedding(1000, dim)
        self.norms = nn.ModuleList(RMSNorm(dim) for _ in range(depth))
        self.layers = nn.ModuleList(nn.Linear(dim, dim) for _ in range(depth))
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(dim, 1000)
        self.apply(self._init_weights)

    def forward(self, ids):
        x = self.dropout(self.embed(ids))
        for norm, layer in zip(self.norms, self.layers):
            x = x + torch.tanh(layer(norm(x)))
        return self.head(x)
