import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Normal


def weights_init_(m):
    if isinstance(m, nn.Linear):
        torch.nn.init.xavier_uniform_(m.weight, gain=2 ** 0.5)
        torch.nn.init.constant_(m.bias, 0)


class QNet(nn.Module):
    def __init__(self, s, a, h=256):
        super().__init__()
        self.l1, self.l2, self.l3 = nn.Linear(s + a, h), nn.Linear(h, h), nn.Linear(h, 1)
        self.l4, self.l5, self.l6 = nn.Linear(s + a, h), nn.Linear(h, h), nn.Linear(h, 1)
        self.apply(weights_init_)

    def forward(self, s, a):
        x = torch.cat([s, a], 1)
        return self.l3(F.relu(self.l2(F.relu(self.l1(x))))), self.l6(F.relu(self.l5(F.relu(self.l4(x)))))


class Policy(nn.Module):
    def __init__(self, s, a, h=256):
        super().__init__()
        self.l1, self.l2 = nn.Linear(s, h), nn.Linear(h, h)
        self.mean, self.log_std = nn.Linear(h, a), nn.Linear(h, a)
        self.apply(weights_init_)
        self.mean.weight.data.mul_(0.1)

    def forward(self, s):
        x = F.relu(self.l2(F.relu(self.l1(s))))
        return self.mean(x), self.log_std(x).clamp(-20, 2)

    def sample(self, s):
        mu, ls = self(s)
        n = Normal(mu, ls.exp())
        u = n.rsample()
        a = torch.tanh(u)
        return a, (n.log_prob(u) - torch.log(1 - a.pow(2) + 1e-6)).sum(1, keepdim=True)


pi, q, qt = Policy(11, 3), QNet(11, 3), QNet(11, 3)
qt.load_state_dict(q.state_dict())
opt = torch.optim.Adam(pi.parameters(), 3e-4)
for _ in range(3):
    s = torch.randn(16, 11)
    a, lp = pi.sample(s)
    loss = (0.2 * lp - torch.min(*q(s, a))).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    for p, t in zip(q.parameters(), qt.parameters()):
        t.data.mul_(0.995).add_(0.005 * p.data)
