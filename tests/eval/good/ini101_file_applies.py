import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, inputs: int = 3, width: int = 256) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, width, 3, stride=4)
        self.act = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.pool(self.act(self.conv(image))).flatten(1)


class Policy(nn.Module):
    def __init__(self, width: int = 256, depth: int = 12, actions: int = 6) -> None:
        super().__init__()
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.act = nn.ReLU()
        self.logits = nn.Linear(width, actions)
        self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")

    def forward(self, state: torch.Tensor) -> torch.Tensor:
        for layer in self.hidden:
            state = self.act(layer(state))
        return self.logits(state)


if __name__ == "__main__":
    print(Policy()(Encoder()(torch.randn(8, 3, 32, 32))))
