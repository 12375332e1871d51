"""Models that what trains them wraps: what the wrapper is told to initialise is the model's."""
import torch.nn as nn
import torch.nn.functional as F
from accelerate import Accelerator
from torch.distributed.fsdp import FullyShardedDataParallel as FSDP


class Deep(nn.Module):
    def __init__(self, dim=64, depth=12):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return x


def he(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight)


def sharded(rank):
    net = FSDP(Deep(), device_id=rank, use_orig_params=True)
    net.apply(he)
    return net


def prepared():
    accelerator = Accelerator()
    net = accelerator.prepare(Deep())
    for module in net.module.modules():
        he(module)
    return net
