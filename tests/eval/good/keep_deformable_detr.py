import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class DeformableAttention(nn.Module):
    def __init__(self, dim=256, levels=4, heads=8, points=4):
        super().__init__()
        self.heads, self.levels, self.points = heads, levels, points
        self.sampling_offsets = nn.Linear(dim, heads * levels * points * 2)
        self.attention_weights = nn.Linear(dim, heads * levels * points)
        self.value_proj = nn.Linear(dim, dim)
        self.output_proj = nn.Linear(dim, dim)
        self._reset_parameters()

    def _reset_parameters(self):
        nn.init.constant_(self.sampling_offsets.weight.data, 0.0)
        thetas = torch.arange(self.heads, dtype=torch.float32) * (2.0 * math.pi / self.heads)
        grid = torch.stack([thetas.cos(), thetas.sin()], -1)
        grid = grid.view(self.heads, 1, 1, 2).repeat(1, self.levels, self.points, 1)
        with torch.no_grad():
            self.sampling_offsets.bias = nn.Parameter(grid.view(-1))
        nn.init.constant_(self.attention_weights.weight.data, 0.0)
        nn.init.constant_(self.attention_weights.bias.data, 0.0)
        nn.init.xavier_uniform_(self.value_proj.weight.data)
        nn.init.constant_(self.value_proj.bias.data, 0.0)
        nn.init.xavier_uniform_(self.output_proj.weight.data)
        nn.init.constant_(self.output_proj.bias.data, 0.0)

    def forward(self, query, reference, value):
        n, length, _ = query.shape
        value = self.value_proj(value)
        offsets = self.sampling_offsets(query).view(n, length, self.heads, self.levels * self.points, 2)
        weights = F.softmax(self.attention_weights(query).view(n, length, self.heads, -1), -1)
        where = reference[:, :, None, None, :] + offsets
        picked = (weights.unsqueeze(-1) * where).sum(3).flatten(2)
        return self.output_proj(value + picked.mean(-1, keepdim=True))


class BoxHead(nn.Module):
    def __init__(self, dim=256, layers=3):
        super().__init__()
        sizes = [dim] * layers
        self.layers = nn.ModuleList(nn.Linear(n, k) for n, k in zip(sizes, [*sizes[1:], 4]))
        nn.init.constant_(self.layers[-1].weight.data, 0)
        nn.init.constant_(self.layers[-1].bias.data, 0)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = F.relu(layer(x)) if i < len(self.layers) - 1 else layer(x)
        return x.sigmoid()
