# select: INI409
import torch.nn as nn

layer = nn.TransformerEncoderLayer(32, 4, batch_first=True)
encoder = nn.TransformerEncoder(layer, num_layers=3)  # INI409
