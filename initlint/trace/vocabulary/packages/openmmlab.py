"""What mmcv and mmengine build from configurations: `dict(type="BN", eps=1e-3)` and its kin.

As in `sources`, the classes build the same layers under the same names as the originals. A type that is in no table
was registered elsewhere, under a name that is bound nowhere here: what is built of it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from initlint.model.graph import Role
from initlint.trace.vocabulary.spec import Extra, HelperSpec, ModuleSpec

_REGISTERED = '''
CONVS = {"Conv": nn.Conv2d, "Conv1d": nn.Conv1d, "Conv2d": nn.Conv2d, "Conv3d": nn.Conv3d,
         "deconv": nn.ConvTranspose2d, "deconv3d": nn.ConvTranspose3d}
NORMS = {"BN": nn.BatchNorm2d, "BN1d": nn.BatchNorm1d, "BN2d": nn.BatchNorm2d, "BN3d": nn.BatchNorm3d,
         "SyncBN": nn.SyncBatchNorm, "GN": nn.GroupNorm, "LN": nn.LayerNorm, "IN": nn.InstanceNorm2d,
         "IN1d": nn.InstanceNorm1d, "IN2d": nn.InstanceNorm2d, "IN3d": nn.InstanceNorm3d}
ACTIVATIONS = {"ReLU": nn.ReLU, "LeakyReLU": nn.LeakyReLU, "PReLU": nn.PReLU, "RReLU": nn.RReLU, "ReLU6": nn.ReLU6,
               "ELU": nn.ELU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh, "SiLU": nn.SiLU, "GELU": nn.GELU,
               "HSwish": nn.Hardswish, "Swish": nn.SiLU}
NO_INPLACE = ("Tanh", "PReLU", "Sigmoid", "HSigmoid", "Swish", "GELU")


class DropPath(nn.Module):
    def __init__(self, drop_prob=0.1):
        super().__init__()
        self.drop_prob = drop_prob

    def forward(self, x):
        return F.dropout(x, self.drop_prob, self.training)


DROPOUTS = {"Dropout": nn.Dropout, "DropPath": DropPath}


def chosen(cfg, table):
    """The class that a configuration names, and the rest of it."""
    settings = dict(cfg)
    kind = settings.pop("type")
    if isinstance(kind, str):
        kind = table[kind] if kind in table else registered_elsewhere
    return kind, settings


def build_conv_layer(cfg, *args, **kwargs):
    kind, settings = chosen(cfg or {"type": "Conv2d"}, CONVS)
    return kind(*args, **kwargs, **settings)


def abbreviated(kind):
    for base, name in ((nn.modules.instancenorm._InstanceNorm, "in"), (nn.modules.batchnorm._BatchNorm, "bn"),
                       (nn.GroupNorm, "gn"), (nn.LayerNorm, "ln")):
        if issubclass(kind, base):
            return name
    return "norm_layer"


def build_norm_layer(cfg, num_features, postfix=""):
    kind, settings = chosen(cfg, NORMS)
    requires_grad = settings.pop("requires_grad", True)
    settings.setdefault("eps", 1e-05)
    if kind is nn.GroupNorm:
        layer = kind(num_channels=num_features, **settings)
    else:
        layer = kind(num_features, **settings)
    for parameter in layer.parameters():
        parameter.requires_grad = requires_grad
    return abbreviated(kind) + str(postfix), layer


def build_activation_layer(cfg):
    kind, settings = chosen(cfg, ACTIVATIONS)
    return kind(**settings)


def build_dropout(cfg, default_args=None):
    kind, settings = chosen(cfg, DROPOUTS)
    return kind(**{**(default_args or {}), **settings})
'''

_CONV_MODULE = (
    _REGISTERED
    + '''

class ConvModule(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias="auto",
                 conv_cfg=None, norm_cfg=None, act_cfg={"type": "ReLU"}, inplace=True, with_spectral_norm=False,
                 padding_mode="zeros", order=("conv", "norm", "act"), efficient_conv_bn_eval=False):
        super().__init__()
        self.norm_cfg, self.act_cfg, self.order = norm_cfg, act_cfg, order
        self.with_norm, self.with_activation = norm_cfg is not None, act_cfg is not None
        if bias == "auto":
            bias = not self.with_norm
        self.conv = build_conv_layer(conv_cfg, in_channels, out_channels, kernel_size, stride=stride, padding=padding,
                                     dilation=dilation, groups=groups, bias=bias)
        self.in_channels, self.out_channels = in_channels, out_channels
        if with_spectral_norm:
            self.conv = nn.utils.spectral_norm(self.conv)
        if self.with_norm:
            channels = out_channels if order.index("norm") > order.index("conv") else in_channels
            self.norm_name, norm = build_norm_layer(norm_cfg, channels)
            self.add_module(self.norm_name, norm)
        if self.with_activation:
            settings = dict(act_cfg)
            if settings["type"] not in NO_INPLACE:
                settings.setdefault("inplace", inplace)
            self.activate = build_activation_layer(settings)
        self.init_weights()

    @property
    def norm(self):
        return getattr(self, self.norm_name) if self.with_norm else None

    def init_weights(self):
        if not hasattr(self.conv, "init_weights"):
            is_leaky = self.with_activation and self.act_cfg["type"] == "LeakyReLU"
            nn.init.kaiming_normal_(
                self.conv.weight, a=self.act_cfg.get("negative_slope", 0.01) if is_leaky else 0, mode="fan_out",
                nonlinearity="leaky_relu" if is_leaky else "relu")
            if self.conv.bias is not None:
                nn.init.constant_(self.conv.bias, 0)
        if self.with_norm and self.norm.weight is not None:
            nn.init.constant_(self.norm.weight, 1)
            nn.init.constant_(self.norm.bias, 0)

    def forward(self, x, activate=True, norm=True):
        for each in self.order:
            if each == "conv":
                x = self.conv(x)
            elif each == "norm" and norm and self.with_norm:
                x = self.norm(x)
            elif each == "act" and activate and self.with_activation:
                x = self.activate(x)
        return x
'''
)

_SEPARABLE = (
    _CONV_MODULE
    + '''

class DepthwiseSeparableConvModule(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, norm_cfg=None,
                 act_cfg={"type": "ReLU"}, dw_norm_cfg="default", dw_act_cfg="default", pw_norm_cfg="default",
                 pw_act_cfg="default", **kwargs):
        super().__init__()
        self.depthwise_conv = ConvModule(
            in_channels, in_channels, kernel_size, stride=stride, padding=padding, dilation=dilation,
            groups=in_channels, norm_cfg=norm_cfg if dw_norm_cfg == "default" else dw_norm_cfg,
            act_cfg=act_cfg if dw_act_cfg == "default" else dw_act_cfg, **kwargs)
        self.pointwise_conv = ConvModule(
            in_channels, out_channels, 1, norm_cfg=norm_cfg if pw_norm_cfg == "default" else pw_norm_cfg,
            act_cfg=act_cfg if pw_act_cfg == "default" else pw_act_cfg, **kwargs)

    def forward(self, x):
        return self.pointwise_conv(self.depthwise_conv(x))
'''
)

_FFN = (
    _REGISTERED
    + '''

class FFN(nn.Module):
    def __init__(self, embed_dims=256, feedforward_channels=1024, num_fcs=2,
                 act_cfg={"type": "ReLU", "inplace": True}, ffn_drop=0.0, dropout_layer=None, add_identity=True,
                 init_cfg=None, layer_scale_init_value=0.0):
        super().__init__()
        self.embed_dims, self.add_identity = embed_dims, add_identity
        layers, width = [], embed_dims
        for _ in range(num_fcs - 1):
            layers.append(nn.Sequential(
                nn.Linear(width, feedforward_channels), build_activation_layer(act_cfg), nn.Dropout(ffn_drop)))
            width = feedforward_channels
        self.layers = nn.Sequential(*layers, nn.Linear(feedforward_channels, embed_dims), nn.Dropout(ffn_drop))
        self.dropout_layer = build_dropout(dropout_layer) if dropout_layer else nn.Identity()
        self.gamma2 = Scaled(embed_dims, layer_scale_init_value) if layer_scale_init_value > 0 else nn.Identity()

    def forward(self, x, identity=None):
        out = self.dropout_layer(self.gamma2(self.layers(x)))
        if not self.add_identity:
            return out
        return (x if identity is None else identity) + out


class Scaled(nn.Module):
    def __init__(self, width, scale):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width) * scale)

    def forward(self, x):
        return x * self.weight
'''
)

_SCALE = '''
class Scale(nn.Module):
    def __init__(self, scale=1.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, x):
        return x * self.scale
'''

_CONVOLUTION = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias='auto', conv_cfg=None, "
    "norm_cfg=None, act_cfg=None, inplace=True, with_spectral_norm=False, padding_mode='zeros', order=None, "
    "efficient_conv_bn_eval=False"
)


def _builder(name: str, signature: str) -> HelperSpec:
    return HelperSpec(name, "source", signature, source=_REGISTERED)


OPENMMLAB: Mapping[str, HelperSpec | ModuleSpec] = {
    f"mmcv.cnn.{spec.name}": spec
    for spec in (
        _builder("build_conv_layer", "cfg, *args, **kwargs"),
        _builder("build_norm_layer", "cfg, num_features, postfix=''"),
        _builder("build_activation_layer", "cfg"),
        _builder("build_dropout", "cfg, default_args=None"),
        ModuleSpec("ConvModule", Extra.COMPOSITE, _CONVOLUTION, source=_CONV_MODULE),
        ModuleSpec(
            "DepthwiseSeparableConvModule", Extra.COMPOSITE,
            "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, norm_cfg=None, act_cfg=None, "
            "dw_norm_cfg='default', dw_act_cfg='default', pw_norm_cfg='default', pw_act_cfg='default', **kwargs",
            source=_SEPARABLE),
        ModuleSpec(
            "FFN", Extra.COMPOSITE,
            "embed_dims=256, feedforward_channels=1024, num_fcs=2, act_cfg=None, ffn_drop=0.0, dropout_layer=None, "
            "add_identity=True, init_cfg=None, layer_scale_init_value=0.0",
            source=_FFN),
        ModuleSpec("Scale", Extra.COMPOSITE, "scale=1.0", source=_SCALE),
        ModuleSpec("DropPath", Role.PASS, "drop_prob=0.1", function="drop_path", family="dropout"),
    )
}
