# select: INI409
import torch.nn as nn

layer = nn.TransformerEncoderLayer(32, 4, batch_first=True)
encoder = nn.TransformerEncoder(layer, num_layers=3)
for parameter in encoder.parameters():
    if parameter.dim() > 1:
        nn.init.xavier_uniform_(parameter)
