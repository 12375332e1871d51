import torch.nn as nn

model = nn.Sequential(
    nn.Linear(64, 64), nn.SELU(), nn.Linear(64, 64), nn.SELU(), nn.Linear(64, 64), nn.SELU(), nn.Linear(64, 64),
    nn.SELU(), nn.Linear(64, 1),
)
for module in model:
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")  # INI501
