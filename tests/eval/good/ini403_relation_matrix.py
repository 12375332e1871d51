import torch
import torch.nn as nn
import torch.nn.functional as F


class Scorer(nn.Module):
    def __init__(self, relations=4, dim=32):
        super().__init__()
        self.embed = nn.Linear(dim, dim)
        self.relation = nn.Parameter(torch.FloatTensor(relations, dim).uniform_(-0.1, 0.1))
        self.blank = nn.Parameter(torch.empty(dim))

    def forward(self, head, tail, relation):
        return (self.embed(head) * self.relation[relation] * (tail + self.blank)).sum(-1)


def train(batches):
    scorer = Scorer()
    for p in scorer.parameters():
        if p.dim() == 1:
            nn.init.zeros_(p)
    optimizer = torch.optim.Adam(scorer.parameters())
    for head, tail, relation, target in batches:
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(scorer(head, tail, relation), target).backward()
        optimizer.step()
