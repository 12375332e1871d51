import torch
import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, inputs, width=64, outputs=16):
        super().__init__()
        self.hidden = nn.Linear(inputs, width)
        self.out = nn.Linear(width, outputs)
        nn.init.xavier_normal_(self.hidden.weight, gain=nn.init.calculate_gain("relu"))

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


class Retriever(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.document = Tower(32), Tower(48)

    def forward(self, query, document):
        return self.query(query) @ self.document(document).t()


model = Retriever()
