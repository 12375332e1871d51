import torch
import torch.nn as nn


class LoRALinear(nn.Module):
    def __init__(self, d_in=64, d_out=64, r=4):
        super().__init__()
        self.base = nn.Linear(d_in, d_out)
        self.base.requires_grad_(False)
        self.lora_a = nn.Linear(d_in, r, bias=False)
        self.lora_b = nn.Linear(r, d_out, bias=False)
        nn.init.zeros_(self.lora_a.weight)  # INI202
        nn.init.zeros_(self.lora_b.weight)

    def forward(self, x):
        return self.base(x) + self.lora_b(self.lora_a(x))
