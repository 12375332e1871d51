import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, d=8, h=16):
        super().__init__()
        self.cell = nn.LSTMCell(d, h)
        n = self.cell.bias_hh.size(0)
        with torch.no_grad():
            self.cell.bias_hh[n // 4:n // 2] = 1.0
            self.cell.bias_ih.chunk(4)[1].fill_(1.0)

    def forward(self, x, state):
        return self.cell(x, state)
