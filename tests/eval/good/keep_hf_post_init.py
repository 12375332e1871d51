import torch
from torch import nn
from transformers import PreTrainedModel, PretrainedConfig


class TinyConfig(PretrainedConfig):
    model_type = "tiny"

    def __init__(self, hidden_size=128, num_layers=12, initializer_range=0.02, **kw):
        super().__init__(**kw)
        self.hidden_size, self.num_layers, self.initializer_range = hidden_size, num_layers, initializer_range


class TinyModel(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([nn.Linear(config.hidden_size, config.hidden_size) for _ in range(config.num_layers)])
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                module.bias.data.zero_()

    def forward(self, x):
        for l in self.layers:
            x = torch.relu(l(x))
        return self.head(x)


model = TinyModel(TinyConfig())
opt = torch.optim.AdamW(model.parameters(), lr=1e-4)
