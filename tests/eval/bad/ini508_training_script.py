import torch
import torch.nn as nn
import torch.nn.functional as F


class ResBlock(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.fc1 = nn.Linear(w, w)
        self.fc2 = nn.Linear(w, w)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")  # INI508
        nn.init.zeros_(self.fc1.bias)
        nn.init.zeros_(self.fc2.bias)

    def forward(self, x):
        return x + self.fc2(F.relu(self.fc1(x)))


class ResMLP(nn.Module):
    def __init__(self, d=32, w=128, depth=20):
        super().__init__()
        self.inp = nn.Linear(d, w)
        self.blocks = nn.Sequential(*[ResBlock(w) for _ in range(depth)])
        self.out = nn.Linear(w, 1)

    def forward(self, x):
        return self.out(self.blocks(self.inp(x)))


torch.manual_seed(1234)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = ResMLP()
model = model.to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.1)
loss_fn = nn.MSELoss()

for step in range(100):
    xb = torch.randn(32, 32, device=device)
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
