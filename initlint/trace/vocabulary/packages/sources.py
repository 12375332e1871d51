"""Small classes and functions of well-known packages as Python source, for the interpreter to read.

They build the same layers under the same names as the originals and do the same arithmetic; what only concerns
devices, scripting or checks is left out. Names at hand: `torch`, `nn`, `F`, `math`.
"""

from __future__ import annotations

MLP = '''
class Mlp(nn.Module):
    def __init__(self, in_features, hidden_features=None, out_features=None, act_layer=nn.GELU, norm_layer=None,
                 bias=True, drop=0.0, use_conv=False, device=None, dtype=None):
        super().__init__()
        out_features = out_features or in_features
        hidden_features = hidden_features or in_features
        bias = bias if isinstance(bias, (tuple, list)) else (bias, bias)
        drop = drop if isinstance(drop, (tuple, list)) else (drop, drop)
        if use_conv:
            self.fc1 = nn.Conv2d(in_features, hidden_features, kernel_size=1, bias=bias[0])
        else:
            self.fc1 = nn.Linear(in_features, hidden_features, bias=bias[0])
        self.act = act_layer()
        self.drop1 = nn.Dropout(drop[0])
        self.norm = norm_layer(hidden_features) if norm_layer is not None else nn.Identity()
        if use_conv:
            self.fc2 = nn.Conv2d(hidden_features, out_features, kernel_size=1, bias=bias[1])
        else:
            self.fc2 = nn.Linear(hidden_features, out_features, bias=bias[1])
        self.drop2 = nn.Dropout(drop[1])

    def forward(self, x):
        x = self.norm(self.drop1(self.act(self.fc1(x))))
        return self.drop2(self.fc2(x))
'''

LAYER_SCALE = '''
class LayerScale(nn.Module):
    def __init__(self, dim, init_values=1e-05, inplace=False, device=None, dtype=None):
        super().__init__()
        self.init_values = init_values
        self.gamma = nn.Parameter(torch.full((dim,), init_values))

    def forward(self, x):
        return x * self.gamma
'''

LAYER_SCALE_2D = '''
class LayerScale2d(nn.Module):
    def __init__(self, dim, init_values=1e-05, inplace=False, device=None, dtype=None):
        super().__init__()
        self.init_values = init_values
        self.gamma = nn.Parameter(torch.full((dim,), init_values))

    def forward(self, x):
        return x * self.gamma.view(1, -1, 1, 1)
'''

BATCH_NORM_ACT = '''
class BatchNormAct2d(nn.BatchNorm2d):
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, apply_act=True,
                 act_layer=nn.ReLU, act_kwargs=None, inplace=True, drop_layer=None, device=None, dtype=None):
        super().__init__(num_features, eps=eps, momentum=momentum, affine=affine,
                         track_running_stats=track_running_stats)
        self.drop = drop_layer() if drop_layer is not None else nn.Identity()
        self.act = act_layer(**(act_kwargs or {})) if apply_act and act_layer is not None else nn.Identity()

    def forward(self, x):
        return self.act(self.drop(super().forward(x)))
'''


def _norm_activation(axes: int) -> str:
    return f'''
class Conv{axes}dNormActivation(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=None, groups=1,
                 norm_layer=nn.BatchNorm{axes}d, activation_layer=nn.ReLU, dilation=1, inplace=True, bias=None):
        if padding is None:
            if isinstance(kernel_size, int) and isinstance(dilation, int):
                padding = (kernel_size - 1) // 2 * dilation
            else:
                kernels = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * {axes}
                steps = dilation if isinstance(dilation, (tuple, list)) else (dilation,) * {axes}
                padding = tuple((k - 1) // 2 * d for k, d in zip(kernels, steps))
        if bias is None:
            bias = norm_layer is None
        layers = [nn.Conv{axes}d(in_channels, out_channels, kernel_size, stride, padding, dilation=dilation,
                                 groups=groups, bias=bias)]
        if norm_layer is not None:
            layers.append(norm_layer(out_channels))
        if activation_layer is not None:
            if inplace is None:
                layers.append(activation_layer())
            else:
                layers.append(activation_layer(inplace=inplace))
        super().__init__(*layers)
        self.out_channels = out_channels
'''


CONV2D_NORM_ACTIVATION = _norm_activation(2)
CONV3D_NORM_ACTIVATION = _norm_activation(3)

SQUEEZE_EXCITATION = '''
class SqueezeExcitation(nn.Module):
    def __init__(self, input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def forward(self, input):
        scale = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(scale)) * input
'''

TORCHVISION_MLP = '''
class MLP(nn.Sequential):
    def __init__(self, in_channels, hidden_channels, norm_layer=None, activation_layer=nn.ReLU, inplace=None, bias=True,
                 dropout=0.0):
        params = {} if inplace is None else {"inplace": inplace}
        layers = []
        in_dim = in_channels
        for hidden_dim in hidden_channels[:-1]:
            layers.append(nn.Linear(in_dim, hidden_dim, bias=bias))
            if norm_layer is not None:
                layers.append(norm_layer(hidden_dim))
            layers.append(activation_layer(**params))
            layers.append(nn.Dropout(dropout, **params))
            in_dim = hidden_dim
        layers.append(nn.Linear(in_dim, hidden_channels[-1], bias=bias))
        layers.append(nn.Dropout(dropout, **params))
        super().__init__(*layers)
'''


def to_tuple(count: int) -> str:
    """Source of `to_2tuple` and its like: a single value repeated, a sequence as a tuple."""
    return f'''
def to_{count}tuple(x):
    if isinstance(x, (tuple, list)):
        return tuple(x)
    return (x,) * {count}
'''


MAKE_DIVISIBLE = '''
def make_divisible(v, divisor=8, min_value=None, round_limit=0.9):
    min_value = min_value or divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < round_limit * v:
        new_v += divisor
    return new_v
'''

GET_PADDING = '''
def get_padding(kernel_size, stride=1, dilation=1, **_):
    if isinstance(kernel_size, (tuple, list)) or isinstance(stride, (tuple, list)):
        kernels = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
        strides = stride if isinstance(stride, (tuple, list)) else (stride, stride)
        dilations = dilation if isinstance(dilation, (tuple, list)) else (dilation, dilation)
        return [((s - 1) + d * (k - 1)) // 2 for k, s, d in zip(kernels, strides, dilations)]
    return ((stride - 1) + dilation * (kernel_size - 1)) // 2
'''

NAMED_APPLY = '''
def named_apply(fn, module, name="", depth_first=True, include_root=False):
    if not depth_first and include_root:
        fn(module=module, name=name)
    for child_name, child_module in module.named_children():
        child_name = ".".join((name, child_name)) if name else child_name
        named_apply(fn=fn, module=child_module, name=child_name, depth_first=depth_first, include_root=True)
    if depth_first and include_root:
        fn(module=module, name=name)
    return module
'''

BIAS_INIT_WITH_PROB = '''
def bias_init_with_prob(prior_prob):
    return float(-math.log((1 - prior_prob) / prior_prob))
'''

CLIP = '''
def clip(a, a_min, a_max):
    return min(max(a, a_min), a_max)
'''

FLOAT_FUNCTIONAL = '''
class FloatFunctional(nn.Module):
    def forward(self, x):
        raise RuntimeError

    def add(self, x, y):
        return torch.add(x, y)

    def add_scalar(self, x, y):
        return torch.add(x, y)

    def mul(self, x, y):
        return torch.mul(x, y)

    def mul_scalar(self, x, y):
        return torch.mul(x, y)

    def cat(self, x, dim=0):
        return torch.cat(x, dim=dim)

    def add_relu(self, x, y):
        return F.relu(torch.add(x, y))

    def matmul(self, x, y):
        return torch.matmul(x, y)
'''

PRESENT_IN_SEQUENCE = '''
def Sequential(*modules):
    return nn.Sequential(*[module for module in modules if module is not None])
'''

FIRST_ARGUMENT = '''
class Identity(nn.Module):
    def forward(self, t, *args, **kwargs):
        return t
'''

CALLS = '''
class Lambda(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, t, *args, **kwargs):
        return self.fn(t, *args, **kwargs)
'''

QUANT_STUB = '''
class {name}(nn.Module):
    def __init__(self, qconfig=None):
        super().__init__()

    def forward(self, x):
        return x
'''

# What a model does that has no `_init_weights` of its own depends on the version, and what else the base class has is
# not told here: both are unknown.
ATTRIBUTE_DICT = '''
class AttributeDict(dict):
    def __getattr__(self, key):
        if key in self:
            return self[key]
        raise AttributeError(key)

    def __setattr__(self, key, value):
        self[key] = value
'''

PAD_PACKED_SEQUENCE = '''
def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    return sequence.data, torch.ones(1, dtype=torch.int64)
'''

UNPACK_SEQUENCE = '''
def unpack_sequence(packed_sequences):
    return list(packed_sequences.data)
'''

UNPAD_SEQUENCE = '''
def unpad_sequence(padded_sequences, lengths, batch_first=False):
    return list(padded_sequences if batch_first else padded_sequences.transpose(0, 1))
'''

APPLY_CHUNKING = '''
def apply_chunking_to_forward(forward_fn, chunk_size, chunk_dim, *input_tensors):
    return forward_fn(*input_tensors)
'''

MODEL_OUTPUT = '''
class ModelOutput:
    """The fields that it is given, by name or in order; any other is None."""

    def __init__(self, **fields):
        self.given = {name: value for name, value in fields.items() if value is not None}

    def __getattr__(self, name):
        return self.given.get(name)

    def __getitem__(self, key):
        return self.given.get(key) if isinstance(key, str) else self.to_tuple()[key]

    def __iter__(self):
        return iter(self.given)

    def get(self, name, default=None):
        return self.given.get(name, default)

    def keys(self):
        return self.given.keys()

    def to_tuple(self):
        return tuple(self.given.values())
'''

PRETRAINED_MODEL = '''
from transformers.generation import GenerationMixin
from transformers.initialization import own_way


class PreTrainedModel(nn.Module, GenerationMixin):
    def __init__(self, config, *inputs, **kwargs):
        super().__init__()
        self.config = config

    def post_init(self):
        self.init_weights()

    def init_weights(self):
        self.apply(self._initialize_weights)
        self.tie_weights()

    def _initialize_weights(self, module):
        self._init_weights(module)

    def _init_weights(self, module):
        own_way(module, self.config)

    def get_input_embeddings(self):
        return None

    def get_output_embeddings(self):
        return None

    def tie_weights(self):
        head, table = self.get_output_embeddings(), self.get_input_embeddings()
        if head is not None and table is not None and self.config.tie_word_embeddings:
            head.weight = table.weight
'''
