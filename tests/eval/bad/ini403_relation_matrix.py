import torch
import torch.nn as nn
import torch.nn.functional as F


class Scorer(nn.Module):
    def __init__(self, relations=4, dim=32):
        super().__init__()
        self.embed = nn.Linear(dim, dim)
        self.relation = nn.Parameter(torch.FloatTensor(relations, dim))  # INI403

    def forward(self, head, tail, relation):
        return (self.embed(head) * self.relation[relation] * tail).sum(-1)


def train(batches):
    scorer = Scorer()
    optimizer = torch.optim.Adam(scorer.parameters())
    for head, tail, relation, target in batches:
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(scorer(head, tail, relation), target).backward()
        optimizer.step()
