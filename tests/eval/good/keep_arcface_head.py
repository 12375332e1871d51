import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class ArcMarginProduct(nn.Module):
    def __init__(self, in_features=512, out_features=1000, s=30.0, m=0.50):
        super().__init__()
        self.weight = nn.Parameter(torch.FloatTensor(out_features, in_features))
        nn.init.xavier_uniform_(self.weight)
        self.s, self.cos_m, self.sin_m = s, math.cos(m), math.sin(m)

    def forward(self, x, label):
        cosine = F.linear(F.normalize(x), F.normalize(self.weight))
        sine = torch.sqrt((1.0 - cosine.pow(2)).clamp(0, 1))
        phi = cosine * self.cos_m - sine * self.sin_m
        one_hot = torch.zeros_like(cosine).scatter_(1, label.view(-1, 1), 1)
        return self.s * (one_hot * phi + (1.0 - one_hot) * cosine)


class SphereHead(nn.Module):
    def __init__(self, d=128, n=500):
        super().__init__()
        self.w = nn.Parameter(torch.randn(d, n))

    def forward(self, x):
        return F.normalize(x, dim=1) @ F.normalize(self.w, dim=0)


head = ArcMarginProduct()
opt = torch.optim.SGD(head.parameters(), 0.1)
loss = F.cross_entropy(head(torch.randn(4, 512), torch.tensor([1, 2, 3, 4])), torch.tensor([1, 2, 3, 4]))
loss.backward()
opt.step()
