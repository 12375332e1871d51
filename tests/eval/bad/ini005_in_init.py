import math

import torch.nn as nn


class GraphConvolution(nn.Module):
    def __init__(self, in_features=1433, out_features=16):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.linear.in_features)
        self.linear.weight.uniform_(-stdv, stdv)  # INI005
        self.linear.bias.zero_()  # INI005

    def forward(self, x, adj):
        return adj @ self.linear(x)
