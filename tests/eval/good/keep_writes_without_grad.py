import torch
import torch.nn as nn


class Filter(nn.Module):
    def __init__(self, d=8):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1, bias=False)
        kernel = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
        self.conv.weight = nn.Parameter(kernel.view(1, 1, 3, 3), requires_grad=False)
        self.fc = nn.Linear(d, d)
        with torch.no_grad():
            self.fc.weight.copy_(torch.eye(d))
            self.fc.weight[0] *= 0.5
            self.fc.bias += 0.1
        self.fc.bias.detach().fill_(0.2)
        self.scale = nn.Parameter(torch.ones(d), requires_grad=False)
        self.scale.mul_(3.0)
        self.out = nn.Linear(d, 2)
        for p in self.out.parameters():
            p.requires_grad = False
            p.zero_()
        self.register_buffer("mean", torch.zeros(d))
        self.mean.fill_(1.0)
        self.reset()

    @torch.no_grad()
    def reset(self):
        self.fc.weight.mul_(0.5)

    def forward(self, x):
        return self.out(self.fc(x) * self.scale + self.mean)
