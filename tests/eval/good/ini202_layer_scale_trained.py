import torch
import torch.nn as nn


class FeedForward(nn.Module):
    def __init__(self, dim, mult=4):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.w1 = nn.Linear(dim, dim * mult)
        self.w2 = nn.Linear(dim * mult, dim)
        self.gamma = nn.Parameter(torch.zeros(dim))
        nn.init.zeros_(self.w2.bias)

    def forward(self, x):
        h = self.w2(torch.nn.functional.gelu(self.w1(self.norm(x))))
        return x + self.gamma * h


class Mixer(nn.Module):
    def __init__(self, dim=96, depth=4, classes=10):
        super().__init__()
        self.embed = nn.Linear(48, dim)
        self.ff = nn.Sequential(*[FeedForward(dim) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        return self.head(self.norm(self.ff(self.embed(x))).mean(1))


def accuracy(logits, target):
    return (logits.argmax(dim=-1) == target).float().mean().item()


def train(model, loader, epochs=3, lr=1e-3, device="cpu"):
    model.to(device).train()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        running = 0.0
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            opt.zero_grad()
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            opt.step()
            running += loss.item()
        print(f"epoch {epoch}: {running / max(len(loader), 1):.4f}")
    return model


if __name__ == "__main__":
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)
    data = TensorDataset(torch.randn(64, 64, 48), torch.randint(0, 10, (64,)))
    net = Mixer()
    train(net, DataLoader(data, batch_size=16, shuffle=True))
