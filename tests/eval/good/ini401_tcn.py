import torch.nn as nn
from torch.nn.utils import weight_norm


class TemporalBlock(nn.Module):
    def __init__(self, n_inputs=32, n_outputs=64, kernel_size=3, dilation=1, dropout=0.2):
        super().__init__()
        self.conv1 = nn.Conv1d(n_inputs, n_outputs, kernel_size, padding=1, dilation=dilation)
        self.conv2 = nn.Conv1d(n_outputs, n_outputs, kernel_size, padding=1, dilation=dilation)
        self.downsample = nn.Conv1d(n_inputs, n_outputs, 1)
        self.init_weights()
        self.conv1 = weight_norm(self.conv1)
        self.conv2 = weight_norm(self.conv2)
        self.net = nn.Sequential(self.conv1, nn.ReLU(), nn.Dropout(dropout), self.conv2, nn.ReLU())

    def init_weights(self):
        self.conv1.weight.data.normal_(0, 0.05)
        self.conv2.weight.data.normal_(0, 0.05)
        self.downsample.weight.data.normal_(0, 0.05)

    def forward(self, x):
        return (self.net(x) + self.downsample(x)).relu()
