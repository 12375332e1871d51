from torch import nn
from torch.nn.init import kaiming_normal_


class Upscaler(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 5, padding=2)
        self.act1 = nn.PReLU()
        self.second = nn.Conv2d(64, 32, 3, padding=1)
        self.act2 = nn.SiLU()
        self.last = nn.Conv2d(32, 12, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)
        kaiming_normal_(self.first.weight, nonlinearity="prelu")  # INI002
        kaiming_normal_(self.second.weight, nonlinearity="swish")  # INI002

    def forward(self, x):
        return self.shuffle(self.last(self.act2(self.second(self.act1(self.first(x))))))
