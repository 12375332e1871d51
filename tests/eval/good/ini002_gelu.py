import torch.nn as nn
import torch.nn.functional as F


class FeedForward(nn.Module):
    def __init__(self, d_model=256, d_ff=1024, dropout=0.1):
        super().__init__()
        self.norm = nn.LayerNorm(d_model)
        self.w_1 = nn.Linear(d_model, d_ff)
        self.w_2 = nn.Linear(d_ff, d_model)
        self.dropout = nn.Dropout(dropout)
        nn.init.kaiming_uniform_(self.w_1.weight, nonlinearity="relu")

    def forward(self, x):
        return x + self.w_2(self.dropout(F.gelu(self.w_1(self.norm(x)))))
