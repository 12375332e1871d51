import torch.nn as nn
from transformers import AutoModel


class Classifier(nn.Module):
    def __init__(self, labels=3):
        super().__init__()
        self.bert = AutoModel.from_pretrained("bert-base-uncased")
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(768, labels)
        self.fc.apply(self._init)

    def _init(self, m):
        if isinstance(m, nn.Linear):
            m.weight.data.normal_(0, 0.02)
            m.bias.data.zero_()

    def forward(self, ids, mask):
        return self.fc(self.drop(self.bert(ids, mask).pooler_output))
