import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, factors=32, layers=3):
        super().__init__()
        parts = []
        for depth in range(layers):
            size = factors * 2 ** (layers - depth)
            parts += [nn.Linear(size, size // 2), nn.ReLU()]
        self.tower = nn.Sequential(*parts)
        self.predict = nn.Linear(factors, 1)
        for part in self.tower:
            if isinstance(part, nn.Linear):
                nn.init.xavier_uniform_(part.weight)

    def forward(self, x):
        return self.predict(self.tower(x))
