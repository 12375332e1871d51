import torch
import torch.nn as nn


class Relations(nn.Module):
    def __init__(self, relations, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(relations, inputs, outputs))
        for matrix in self.weight:
            nn.init.xavier_uniform_(matrix)

    def forward(self, x, adjacency):
        messages = torch.bmm(adjacency, x.unsqueeze(0).expand(adjacency.size(0), -1, -1))
        return torch.bmm(messages, self.weight).sum(0)


class Encoder(nn.Module):
    """The rows of the table are what the graph's nodes start with, not what states are compared with."""

    def __init__(self, entities=200, relations=12, features=768, dim=64):
        super().__init__()
        self.features = nn.Embedding(entities, features)
        self.conv = Relations(relations, features, dim)

    def forward(self, adjacency):
        return torch.relu(self.conv(self.features.weight, adjacency))
