import torch.nn as nn


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(100, 8, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.1)
        self.table._fill_padding_idx_with_zero()

    def forward(self, x):
        return self.table(x)
