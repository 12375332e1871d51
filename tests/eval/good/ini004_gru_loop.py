import torch.nn as nn


def init_rnn(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
    elif isinstance(m, nn.GRU):
        nn.init.xavier_uniform_(m.weight_ih_l0)
        nn.init.orthogonal_(m.weight_hh_l0)


class Seq(nn.Module):
    def __init__(self, d=16, h=32):
        super().__init__()
        self.gru = nn.GRU(d, h, batch_first=True)
        self.fc = nn.Linear(h, 4)
        self.apply(init_rnn)

    def forward(self, x):
        return self.fc(self.gru(x)[0][:, -1])
