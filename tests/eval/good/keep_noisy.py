import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class NoisyLinear(nn.Module):
    def __init__(self, fin, fout, sigma=0.5):
        super().__init__()
        self.fin, self.fout, self.sigma = fin, fout, sigma
        self.weight_mu = nn.Parameter(torch.empty(fout, fin))
        self.weight_sigma = nn.Parameter(torch.empty(fout, fin))
        self.register_buffer("weight_eps", torch.empty(fout, fin))
        self.bias_mu = nn.Parameter(torch.empty(fout))
        self.bias_sigma = nn.Parameter(torch.empty(fout))
        self.register_buffer("bias_eps", torch.empty(fout))
        self.reset_parameters()
        self.reset_noise()

    def reset_parameters(self):
        mu = 1 / math.sqrt(self.fin)
        self.weight_mu.data.uniform_(-mu, mu)
        self.weight_sigma.data.fill_(self.sigma / math.sqrt(self.fin))
        self.bias_mu.data.uniform_(-mu, mu)
        self.bias_sigma.data.fill_(self.sigma / math.sqrt(self.fout))

    def reset_noise(self):
        a, b = torch.randn(self.fin), torch.randn(self.fout)
        self.weight_eps.copy_(b.outer(a))
        self.bias_eps.copy_(b)

    def forward(self, x):
        return F.linear(x, self.weight_mu + self.weight_sigma * self.weight_eps, self.bias_mu + self.bias_sigma * self.bias_eps)


class Dqn(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 64)
        self.out = NoisyLinear(64, 2)

    def forward(self, x):
        return self.out(F.relu(self.fc(x)))


net = Dqn()
torch.optim.Adam(net.parameters())
