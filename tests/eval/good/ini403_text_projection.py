import torch
import torch.nn as nn


class Projector(nn.Module):
    def __init__(self, width=512, dim=256):
        super().__init__()
        self.ln = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.empty(width, dim))
        self.bias = nn.Parameter(torch.Tensor(dim))
        self.offset = nn.Parameter(torch.Tensor([0.1, 0.2]))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.normal_(self.proj, std=self.proj.shape[0] ** -0.5)
        with torch.no_grad():
            for i in range(2):
                self.bias[i :: 2] = 0.0

    def forward(self, x):
        return self.ln(x) @ self.proj + self.bias + self.offset.sum()


model = Projector()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
