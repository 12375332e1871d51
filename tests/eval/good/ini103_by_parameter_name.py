import torch.nn as nn
import torch.nn.init as weight_init


class Regressor(nn.Module):
    """The same loop over a residual block."""

    def __init__(self, dim=64):
        super().__init__()
        self.lin1 = nn.Linear(dim, dim)
        self.lin2 = nn.Linear(dim, dim)
        self.act = nn.SiLU()
        for name, param in self.named_parameters():
            if "weight" in name:
                weight_init.xavier_normal_(param)
            else:
                weight_init.zeros_(param)

    def forward(self, x):
        return x + self.lin2(self.act(self.lin1(x)))
