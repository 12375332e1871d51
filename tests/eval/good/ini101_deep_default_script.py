import torch
import torch.nn as nn

layers = [nn.Linear(2, 64), nn.ReLU()]
for _ in range(12):
    layers.append(nn.Linear(64, 64))
    layers.append(nn.ReLU())
layers.append(nn.Linear(64, 1))
net = nn.Sequential(*layers)

for module in net:
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)

optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for step in range(100):
    x = torch.rand(32, 2)
    loss = (net(x) - x.sum(1, keepdim=True)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
