import torch.nn as nn
import torchvision.models as models


def init_weights(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")


class Segmenter(nn.Module):
    def __init__(self, classes=21):
        super().__init__()
        resnet = models.resnet50(pretrained=True)
        self.backbone = nn.Sequential(*list(resnet.children())[:-2])
        self.classifier = nn.Conv2d(2048, classes, 1)
        self.apply(init_weights)  # INI405

    def forward(self, x):
        return self.classifier(self.backbone(x))


model = Segmenter()
