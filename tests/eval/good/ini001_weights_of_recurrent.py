"""The lists of weights that recurrent layers keep, and the registries of every module."""
import torch.nn as nn


def normal_init(module, mean, std):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        module.weight.data.normal_(mean, std)
        module.bias.data.zero_()


class Tagger(nn.Module):
    def __init__(self, dim=100, hidden=128, tags=17, layers=None):
        super().__init__()
        self.gru = nn.GRU(dim, hidden, num_layers=2, bidirectional=True)
        self.lstm = nn.LSTM(2 * hidden, hidden, num_layers=layers or 1)
        self.fc = nn.Linear(hidden, tags)
        for names in self.gru._all_weights:
            for name in names:
                if "weight" in name:
                    nn.init.xavier_uniform_(self.gru.__getattr__(name))
        for weights in self.lstm.all_weights:
            for weight in weights[:2]:
                nn.init.orthogonal_(weight)
        for name, parameter in self.fc._parameters.items():
            if name == "weight":
                nn.init.kaiming_uniform_(parameter)
        if hasattr(self.lstm, "bias_ih_l1"):
            nn.init.zeros_(self.lstm.bias_ih_l1)

    def forward(self, x):
        return self.fc(self.lstm(self.gru(x)[0])[0])


class Plain(nn.Module):
    def __init__(self, width=128, depth=9):
        super().__init__()
        for index in range(depth):
            setattr(self, f"conv{index}", nn.Conv2d(width, width, 3, padding=1))

    def weight_init(self, mean, std):
        for name in self._modules:
            normal_init(self._modules[name], mean, std)

    def forward(self, x):
        for index in range(9):
            x = getattr(self, f"conv{index}")(x).relu()
        return x


class Replaced(nn.Module):
    def __init__(self, width=128, depth=9):
        super().__init__()
        for index in range(depth):
            setattr(self, f"fc{index}", nn.Linear(width, width))
            self._modules[f"fc{index}"] = nn.Sequential(nn.Linear(width, width), nn.BatchNorm1d(width))

    def forward(self, x):
        for index in range(9):
            x = getattr(self, f"fc{index}")(x).relu()
        return x


plain = Plain()
plain.weight_init(mean=0.0, std=0.04)
