import torch.nn as nn


class Autoencoder(nn.Module):
    def __init__(self, inputs=784, code=32):
        super().__init__()
        self.encode = nn.Linear(inputs, 256)
        self.code = nn.Linear(256, code)
        self.decode = nn.Linear(code, inputs)
        nn.init.xavier_uniform_(self.encode.weight, nonlinearity="tanh")  # INI003
        nn.init.kaiming_normal_(self.decode.weight, mode="fan_avg")  # INI003

    def forward(self, x):
        return self.decode(self.code(self.encode(x).tanh()))
