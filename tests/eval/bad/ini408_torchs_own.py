import torch.nn as nn


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(100, 8, padding_idx=0)
        self.table._fill_padding_idx_with_zero()
        nn.init.normal_(self.table.weight, std=0.1)  # INI408

    def forward(self, x):
        return self.table(x)
