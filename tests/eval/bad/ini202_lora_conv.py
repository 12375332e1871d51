import torch.nn as nn


class LoRAConv(nn.Module):
    def __init__(self, channels=64, rank=4):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.lora_A = nn.Conv2d(channels, rank, 3, padding=1, bias=False)
        self.lora_B = nn.Conv2d(rank, channels, 1, bias=False)
        for part in (self.lora_A, self.lora_B):
            nn.init.zeros_(part.weight)  # INI202

    def forward(self, x):
        return self.conv(x) + self.lora_B(self.lora_A(x))
