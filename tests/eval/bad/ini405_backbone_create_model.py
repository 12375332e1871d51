import timm
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, name="resnet18", classes=5):
        super().__init__()
        self.encoder = timm.create_model(name, pretrained=True, num_classes=0)
        self.head = nn.Linear(512, classes)
        self.init_weights()

    def init_weights(self):
        for m in self.modules():  # INI405
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.head(self.encoder(x))
