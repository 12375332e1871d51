import torch
import torch.nn as nn


class Projector(nn.Module):
    def __init__(self, width=512, dim=256):
        super().__init__()
        self.ln = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.empty(width, dim))  # INI403
        self.bias = nn.Parameter(torch.Tensor(dim))  # INI403

    def forward(self, x):
        return self.ln(x) @ self.proj + self.bias


model = Projector()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
