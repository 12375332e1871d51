"""What initialises objects beside their `__init__`: metaclasses, `__new__`, `__init_subclass__`, hooks of trainers."""
import pytorch_lightning as pl
import torch.nn as nn
from torch.nn import functional as F


def he(net):
    for module in net.modules():
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


class Deep(nn.Module):
    def __init__(self, dim=128, depth=10):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.out = nn.Linear(dim, 1)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


class Finished(type):
    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        he(made)
        return made


class ByMetaclass(Deep, metaclass=Finished):
    pass


class ByNew(Deep):
    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls)
        made.__init__(*args, **kwargs)
        he(made)
        return made


class Base(Deep):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__()
        before = cls.__init__

        def init(self, *args, **kwargs):
            before(self, *args, **kwargs)
            he(self)

        cls.__init__ = init


class BySubclass(Base):
    def __init__(self):
        super().__init__()


class OnSetup(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = Deep()

    def setup(self, stage=None):
        he(self.net)

    def forward(self, x):
        return self.net(x)


class OnFit(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = Deep()

    def on_fit_start(self):
        he(self.net)

    def forward(self, x):
        return self.net(x)


class OnFirstCall(Deep):
    def __init__(self):
        super().__init__()
        self.fresh = True
        self.register_forward_pre_hook(self.first)

    def first(self, module, inputs):
        if self.fresh:
            he(self)
            self.fresh = False


nets = [ByMetaclass(), ByNew(), BySubclass(), OnSetup(), OnFit(), OnFirstCall()]
