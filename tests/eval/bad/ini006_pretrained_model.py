import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class ReaderConfig(PretrainedConfig):
    model_type = "reader"

    def __init__(self, hidden_size=256, initializer_range=0.02, **kwargs):
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.initializer_range = initializer_range


class ReaderPreTrainedModel(PreTrainedModel):
    config_class = ReaderConfig
    base_model_prefix = "reader"

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0.02)  # INI006
            if module.bias is not None:
                nn.init.zeros_(module.bias)


class Reader(ReaderPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.span = nn.Linear(config.hidden_size, 2)
        self.post_init()

    def forward(self, hidden_states=None, attention_mask=None):
        return self.span(torch.tanh(self.dense(hidden_states)))
