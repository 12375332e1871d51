import torch
import torch.nn as nn


class CTRModel(nn.Module):
    def __init__(self, fields=10, dim=16, reset=True):
        super().__init__()
        self.fc1 = nn.Linear(fields * dim, 64)
        self.fc2 = nn.Linear(64, 1)
        prepare = self._reset_params if reset else None
        if prepare:
            prepare()

    def _reset_params(self):
        nn.init.xavier_normal_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(self.fc1(x).tanh()).sigmoid()


if __name__ == "__main__":
    model = CTRModel()
    loss = model(torch.randn(4, 160)).mean()
    loss.backward()
