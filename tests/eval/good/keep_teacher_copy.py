import copy

import torch
import torch.nn as nn


class Student(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))

    def forward(self, x):
        return self.net(x)


class Byol(nn.Module):
    def __init__(self):
        super().__init__()
        self.student = Student()
        self.teacher = copy.deepcopy(self.student)
        for p in self.teacher.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, decay=0.99):
        for t, s in zip(self.teacher.parameters(), self.student.parameters()):
            t.data.mul_(decay).add_(s.data, alpha=1 - decay)

    def forward(self, x):
        return self.student(x), self.teacher(x)
