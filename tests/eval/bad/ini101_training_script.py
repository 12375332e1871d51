import torch
import torch.nn as nn


class MLP(nn.Module):
    def __init__(self, in_dim=128, width=256, depth=10, out_dim=1):
        super().__init__()
        dims = [in_dim] + [width] * depth
        layers = []
        for a, b in zip(dims[:-1], dims[1:]):
            layers.append(nn.Linear(a, b))  # INI101
            layers.append(nn.ReLU())
        layers.append(nn.Linear(width, out_dim))
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


torch.manual_seed(1234)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = MLP()
model = model.to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.1)
loss_fn = nn.MSELoss()

for step in range(100):
    xb = torch.randn(32, 128, device=device)
    yb = torch.randn(32, 1, device=device)
    optimizer.zero_grad()
    pred = model(xb)
    loss = loss_fn(pred, yb)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if step % 10 == 0:
        print(step, loss.item())

torch.save(model.state_dict(), "model.pt")
