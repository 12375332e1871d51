import torch
import torch.nn as nn


def weights_init(m):
    if isinstance(m, nn.Conv2d):
        nn.init.normal_(m.weight, 0.0, 0.05)
        nn.init.zeros_(m.bias)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        return x - self.conv2(self.conv1(x).relu())


class TiedLinear(nn.Linear):
    def reset_parameters(self):
        nn.init.xavier_uniform_(self.weight)


model = Denoiser().apply(weights_init)
head = TiedLinear(8, 8, bias=False)
optimizer = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=1e-3)
for _ in range(10):
    noisy = torch.randn(2, 1, 8, 8)
    optimizer.zero_grad()
    head(model(noisy)).pow(2).mean().backward()
    optimizer.step()
