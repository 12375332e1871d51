import torch
import torch.nn as nn

layers = [nn.Linear(2, 64), nn.ReLU()]  # INI101
for _ in range(12):
    layers.append(nn.Linear(64, 64))
    layers.append(nn.ReLU())
layers.append(nn.Linear(64, 1))
net = nn.Sequential(*layers)

optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for step in range(100):
    x = torch.rand(32, 2)
    loss = (net(x) - x.sum(1, keepdim=True)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
