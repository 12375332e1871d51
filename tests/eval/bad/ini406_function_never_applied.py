import torch
import torch.nn as nn


def weights_init(m):  # INI406
    if isinstance(m, nn.Conv2d):
        nn.init.normal_(m.weight, 0.0, 0.02)
        nn.init.zeros_(m.bias)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        return x - self.conv2(self.conv1(x).relu())


model = Denoiser()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for _ in range(10):
    noisy = torch.randn(2, 1, 8, 8)
    optimizer.zero_grad()
    model(noisy).pow(2).mean().backward()
    optimizer.step()
