import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, code=16, outputs=784):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(code, 128), nn.Linear(128, outputs)])
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            layer.bias.data.fill_(0.01)  # INI404
            nn.init.zeros_(layer.bias)

    def forward(self, z):
        return self.layers[1](self.layers[0](z).relu()).sigmoid()
