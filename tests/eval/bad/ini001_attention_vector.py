import torch
import torch.nn as nn


class AdditiveAttention(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.proj = nn.Linear(dim, dim, bias=False)
        self.score = nn.Parameter(torch.empty(dim))
        nn.init.xavier_uniform_(self.proj.weight)
        nn.init.xavier_normal_(self.score)  # INI001

    def forward(self, keys):
        return torch.softmax(torch.tanh(self.proj(keys)) @ self.score, dim=-1)
