"""The public classes of torch.nn: what they do to a signal, what parameters they make, how they fill them.

Activation names are those of torch.nn.functional, norms and passes name the function they apply.
Signatures are torch's own, annotations left out; LSTM, GRU and RNN take theirs from RNNBase.
"""

from __future__ import annotations

from collections.abc import Mapping

from initlint.model.graph import Role
from initlint.trace.vocabulary import composites
from initlint.trace.vocabulary.spec import (
    BIAS_UNIFORM,
    BILINEAR_UNIFORM,
    KAIMING_UNIFORM,
    ONES,
    PRELU,
    RNN_UNIFORM,
    STANDARD_NORMAL,
    XAVIER_NORMAL,
    XAVIER_UNIFORM,
    ZEROS,
    Extra,
    ModuleSpec,
    ParameterSpec,
    SubmoduleSpec,
)

_DEVICE = "device=None, dtype=None"
_REDUCTION = "size_average=None, reduce=None, reduction='mean'"
_TRANSFORMER = (
    "dim_feedforward=2048, dropout=0.1, activation=F.relu, layer_norm_eps=1e-05, "
    f"batch_first=False, norm_first=False, bias=True, {_DEVICE}"
)

# Parameters ------------------------------------------------------------------------------

_LINEAR = (
    ParameterSpec("weight", ("out_features", "in_features"), KAIMING_UNIFORM),
    ParameterSpec("bias", ("out_features",), BIAS_UNIFORM, "bias"),
)
_BILINEAR = (
    ParameterSpec("weight", ("out_features", "in1_features", "in2_features"), BILINEAR_UNIFORM),
    ParameterSpec("bias", ("out_features",), BILINEAR_UNIFORM, "bias"),
)
_CONV = (
    ParameterSpec("weight", ("out_channels", "in_channels // groups", "*kernel_size"), KAIMING_UNIFORM),
    ParameterSpec("bias", ("out_channels",), BIAS_UNIFORM, "bias"),
)
_CONV_TRANSPOSE = (
    ParameterSpec("weight", ("in_channels", "out_channels // groups", "*kernel_size"), KAIMING_UNIFORM),
    ParameterSpec("bias", ("out_channels",), BIAS_UNIFORM, "bias"),
)
_BATCH_NORM = (
    ParameterSpec("weight", ("num_features",), ONES, "affine"),
    ParameterSpec("bias", ("num_features",), ZEROS, "affine and bias"),
)
_GROUP_NORM = (
    ParameterSpec("weight", ("num_channels",), ONES, "affine"),
    ParameterSpec("bias", ("num_channels",), ZEROS, "affine and bias"),
)
_LAYER_NORM = (
    ParameterSpec("weight", ("*normalized_shape",), ONES, "elementwise_affine"),
    ParameterSpec("bias", ("*normalized_shape",), ZEROS, "elementwise_affine and bias"),
)
_RMS_NORM = (ParameterSpec("weight", ("*normalized_shape",), ONES, "elementwise_affine"),)
_EMBEDDING = (ParameterSpec("weight", ("num_embeddings", "embedding_dim"), STANDARD_NORMAL),)
_ATTENTION = (
    ParameterSpec("q_proj_weight", ("embed_dim", "embed_dim"), XAVIER_UNIFORM,
                  "not (kdim in (None, embed_dim) and vdim in (None, embed_dim))"),
    ParameterSpec("k_proj_weight", ("embed_dim", "embed_dim if kdim is None else kdim"), XAVIER_UNIFORM,
                  "not (kdim in (None, embed_dim) and vdim in (None, embed_dim))"),
    ParameterSpec("v_proj_weight", ("embed_dim", "embed_dim if vdim is None else vdim"), XAVIER_UNIFORM,
                  "not (kdim in (None, embed_dim) and vdim in (None, embed_dim))"),
    ParameterSpec("in_proj_weight", ("3 * embed_dim", "embed_dim"), XAVIER_UNIFORM,
                  "kdim in (None, embed_dim) and vdim in (None, embed_dim)"),
    ParameterSpec("in_proj_bias", ("3 * embed_dim",), ZEROS, "bias"),
    ParameterSpec("bias_k", ("1", "1", "embed_dim"), XAVIER_NORMAL, "add_bias_kv"),
    ParameterSpec("bias_v", ("1", "1", "embed_dim"), XAVIER_NORMAL, "add_bias_kv"),
)


def _recurrent(gates: int | str, projected: bool = False) -> tuple[ParameterSpec, ...]:
    """Parameters of one layer and direction; `gates` hidden sizes stacked along the rows."""
    rows = f"{gates} * hidden_size"
    width = "(proj_size or hidden_size)" if projected else "hidden_size"
    columns = f"input_size if layer == 0 else {width} * (2 if bidirectional else 1)"
    parameters = (
        ParameterSpec("weight_ih_l{layer}{direction}", (rows, columns), RNN_UNIFORM, repeat=True),
        ParameterSpec("weight_hh_l{layer}{direction}", (rows, width), RNN_UNIFORM, repeat=True),
        ParameterSpec("bias_ih_l{layer}{direction}", (rows,), RNN_UNIFORM, "bias", repeat=True),
        ParameterSpec("bias_hh_l{layer}{direction}", (rows,), RNN_UNIFORM, "bias", repeat=True),
    )
    if not projected:
        return parameters
    projection = ParameterSpec(
        "weight_hr_l{layer}{direction}", ("proj_size", "hidden_size"), RNN_UNIFORM, "proj_size > 0", repeat=True
    )
    return (*parameters, projection)


def _cell(gates: int | str) -> tuple[ParameterSpec, ...]:
    rows = f"{gates} * hidden_size"
    return (
        ParameterSpec("weight_ih", (rows, "input_size"), RNN_UNIFORM),
        ParameterSpec("weight_hh", (rows, "hidden_size"), RNN_UNIFORM),
        ParameterSpec("bias_ih", (rows,), RNN_UNIFORM, "bias"),
        ParameterSpec("bias_hh", (rows,), RNN_UNIFORM, "bias"),
    )


# Rows that differ only in the number of axes -----------------------------------------------

_CONV_AXES = ("kernel_size", "stride", "padding", "dilation")
_NORM_SIGNATURE = f"eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, {_DEVICE}, *, bias=True"
_RUNNING = ("running_mean", "running_var", "num_batches_tracked")


def _conv(axes: int, lazy: bool) -> ModuleSpec:
    first = "" if lazy else "in_channels, "
    return ModuleSpec(
        f"{'Lazy' if lazy else ''}Conv{axes}d", Role.LAYER,
        f"{first}out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
        f"padding_mode='zeros', {_DEVICE}",
        parameters=_CONV, function=f"conv{axes}d", axes=axes, per_axis=_CONV_AXES,
        family="conv", base=f"Conv{axes}d" if lazy else "Module",
        lazy=lazy,
    )


def _conv_transpose(axes: int, lazy: bool) -> ModuleSpec:
    first = "" if lazy else "in_channels, "
    return ModuleSpec(
        f"{'Lazy' if lazy else ''}ConvTranspose{axes}d", Role.LAYER,
        f"{first}out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
        f"padding_mode='zeros', {_DEVICE}",
        parameters=_CONV_TRANSPOSE, function=f"conv_transpose{axes}d", axes=axes,
        per_axis=(*_CONV_AXES, "output_padding"), family="conv",
        base=f"ConvTranspose{axes}d" if lazy else "Module",
        lazy=lazy,
    )


def _channel_norm(kind: str, function: str, signature: str, axes: int, lazy: bool) -> ModuleSpec:
    return ModuleSpec(
        f"{'Lazy' if lazy else ''}{kind}{axes}d", Role.NORM,
        signature if lazy else f"num_features, {signature}",
        parameters=_BATCH_NORM, function=function, settings=("eps",), axes=axes, buffers=_RUNNING, family=function,
        lazy=lazy,
    )


def _by_axes() -> list[ModuleSpec]:
    instance = f"eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, {_DEVICE}, *, bias=True"
    rows: list[ModuleSpec] = []
    for axes in (1, 2, 3):
        divisor = "" if axes == 1 else ", divisor_override=None"
        for lazy in (False, True):
            rows.append(_conv(axes, lazy))
            rows.append(_conv_transpose(axes, lazy))
            rows.append(_channel_norm("BatchNorm", "batch_norm", _NORM_SIGNATURE, axes, lazy))
            rows.append(
                _channel_norm("InstanceNorm", "instance_norm", _NORM_SIGNATURE if lazy else instance, axes, lazy)
            )
        rows += [
            _pass(f"AdaptiveAvgPool{axes}d", f"adaptive_avg_pool{axes}d", "output_size", "pool", axes=axes),
            _pass(f"AdaptiveMaxPool{axes}d", f"adaptive_max_pool{axes}d", "output_size, return_indices=False", "pool",
                  axes=axes),
            _pass(f"AvgPool{axes}d", f"avg_pool{axes}d",
                  f"kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{divisor}", "pool",
                  axes=axes),
            _pass(f"MaxPool{axes}d", f"max_pool{axes}d",
                  "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False", "pool",
                  axes=axes),
            _pass(f"MaxUnpool{axes}d", f"max_unpool{axes}d", "kernel_size, stride=None, padding=0", "pool", axes=axes),
            _pass(f"LPPool{axes}d", f"lp_pool{axes}d", "norm_type, kernel_size, stride=None, ceil_mode=False", "pool",
                  axes=axes),
            _pass(f"Dropout{axes}d", f"dropout{axes}d", "p=0.5, inplace=False", "dropout", axes=axes),
            _pass(f"CircularPad{axes}d", "pad", "padding", "resize", axes=axes),
            _pass(f"ConstantPad{axes}d", "pad", "padding, value", "resize", axes=axes),
            _pass(f"ReflectionPad{axes}d", "pad", "padding", "resize", axes=axes),
            _pass(f"ReplicationPad{axes}d", "pad", "padding", "resize", axes=axes),
            _pass(f"ZeroPad{axes}d", "pad", "padding", "resize", axes=axes, base=f"ConstantPad{axes}d"),
        ]
        if axes > 1:
            rows.append(
                _pass(f"FractionalMaxPool{axes}d", f"fractional_max_pool{axes}d",
                      "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None",
                      "pool", axes=axes)
            )
    return rows


# Short rows ------------------------------------------------------------------------------


def _pass(name: str, function: str, signature: str, family: str, axes: int = 0, base: str = "Module") -> ModuleSpec:
    settings = ("p",) if family == "dropout" else ()
    return ModuleSpec(
        name, Role.PASS, signature, function=function, settings=settings, axes=axes, family=family, base=base
    )


def _activation(
    name: str, function: str, signature: str, settings: tuple[str, ...] = (), base: str = "Module"
) -> ModuleSpec:
    return ModuleSpec(
        name, Role.ACTIVATION, signature, activation=function, function=function, settings=settings, base=base
    )


def _loss(name: str, function: str, signature: str, base: str = "Module") -> ModuleSpec:
    return ModuleSpec(name, Role.LOSS, signature, function=function, base=base)


def _container(name: str, signature: str) -> ModuleSpec:
    return ModuleSpec(name, Extra.CONTAINER, signature)


_ROWS: tuple[ModuleSpec, ...] = (
    # layers
    ModuleSpec("Linear", Role.LAYER, f"in_features, out_features, bias=True, {_DEVICE}", parameters=_LINEAR,
               function="linear"),
    ModuleSpec("NonDynamicallyQuantizableLinear", Role.LAYER, f"in_features, out_features, bias=True, {_DEVICE}",
               parameters=_LINEAR, function="linear", base="Linear"),
    ModuleSpec("LazyLinear", Role.LAYER, f"out_features, bias=True, {_DEVICE}", parameters=_LINEAR, function="linear",
               base="Linear", lazy=True),
    ModuleSpec("Bilinear", Role.LAYER, f"in1_features, in2_features, out_features, bias=True, {_DEVICE}",
               parameters=_BILINEAR, function="bilinear"),
    # activations
    _activation("CELU", "celu", "alpha=1.0, inplace=False", ("alpha",)),
    _activation("ELU", "elu", "alpha=1.0, inplace=False", ("alpha",)),
    _activation("GELU", "gelu", "approximate='none'", ("approximate",)),
    _activation("GLU", "glu", "dim=-1", ("dim",)),
    _activation("Hardshrink", "hardshrink", "lambd=0.5", ("lambd",)),
    _activation("Hardsigmoid", "hardsigmoid", "inplace=False"),
    _activation("Hardswish", "hardswish", "inplace=False"),
    _activation("Hardtanh", "hardtanh", "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
                ("min_val", "max_val")),
    _activation("LeakyReLU", "leaky_relu", "negative_slope=0.01, inplace=False", ("negative_slope",)),
    _activation("LogSigmoid", "logsigmoid", ""),
    _activation("LogSoftmax", "log_softmax", "dim=None", ("dim",)),
    _activation("Mish", "mish", "inplace=False"),
    ModuleSpec("PReLU", Role.ACTIVATION, f"num_parameters=1, init=0.25, {_DEVICE}", activation="prelu",
               parameters=(ParameterSpec("weight", ("num_parameters",), PRELU),), function="prelu",
               settings=("init",)),
    _activation("RReLU", "rrelu", "lower=0.125, upper=0.3333333333333333, inplace=False", ("lower", "upper")),
    _activation("ReLU", "relu", "inplace=False"),
    _activation("ReLU6", "relu6", "inplace=False", base="Hardtanh"),
    _activation("SELU", "selu", "inplace=False"),
    _activation("SiLU", "silu", "inplace=False"),
    _activation("Sigmoid", "sigmoid", ""),
    _activation("Softmax", "softmax", "dim=None", ("dim",)),
    ModuleSpec("Softmax2d", Role.ACTIVATION, "", activation="softmax", function="softmax", fixed=(("dim", -3),)),
    _activation("Softmin", "softmin", "dim=None", ("dim",)),
    _activation("Softplus", "softplus", "beta=1.0, threshold=20.0", ("beta", "threshold")),
    _activation("Softshrink", "softshrink", "lambd=0.5", ("lambd",)),
    _activation("Softsign", "softsign", ""),
    _activation("Tanh", "tanh", ""),
    _activation("Tanhshrink", "tanhshrink", ""),
    _activation("Threshold", "threshold", "threshold, value, inplace=False", ("threshold", "value")),
    # norms
    ModuleSpec("SyncBatchNorm", Role.NORM,
               "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, "
               "device=None, dtype=None, *, bias=True",
               parameters=_BATCH_NORM, function="batch_norm", settings=("eps",), buffers=_RUNNING,
               family="batch_norm"),
    ModuleSpec("GroupNorm", Role.NORM,
               "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True",
               parameters=_GROUP_NORM, function="group_norm", settings=("eps",)),
    ModuleSpec("LayerNorm", Role.NORM, f"normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, {_DEVICE}",
               parameters=_LAYER_NORM, function="layer_norm", settings=("eps",)),
    ModuleSpec("RMSNorm", Role.NORM, f"normalized_shape, eps=None, elementwise_affine=True, {_DEVICE}",
               parameters=_RMS_NORM, function="rms_norm", settings=("eps",)),
    ModuleSpec("LocalResponseNorm", Role.NORM, "size, alpha=0.0001, beta=0.75, k=1.0", function="local_response_norm"),
    ModuleSpec("CrossMapLRN2d", Role.NORM, "size, alpha=0.0001, beta=0.75, k=1", function="local_response_norm"),
    # passes
    ModuleSpec("Identity", Role.PASS, "*args, **kwargs", family="view"),
    _pass("AlphaDropout", "alpha_dropout", "p=0.5, inplace=False", "dropout"),
    _pass("Dropout", "dropout", "p=0.5, inplace=False", "dropout"),
    _pass("FeatureAlphaDropout", "feature_alpha_dropout", "p=0.5, inplace=False", "dropout"),
    _pass("ChannelShuffle", "channel_shuffle", "groups", "view"),
    _pass("Flatten", "flatten", "start_dim=1, end_dim=-1", "view"),
    _pass("Unflatten", "unflatten", "dim, unflattened_size", "view"),
    _pass("Fold", "fold", "output_size, kernel_size, dilation=1, padding=0, stride=1", "view"),
    _pass("Unfold", "unfold", "kernel_size, dilation=1, padding=0, stride=1", "view"),
    _pass("PixelShuffle", "pixel_shuffle", "upscale_factor", "view"),
    _pass("PixelUnshuffle", "pixel_unshuffle", "downscale_factor", "view"),
    _pass("Upsample", "interpolate",
          "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None", "resize"),
    _pass("UpsamplingBilinear2d", "interpolate", "size=None, scale_factor=None", "resize", base="Upsample"),
    _pass("UpsamplingNearest2d", "interpolate", "size=None, scale_factor=None", "resize", base="Upsample"),
    # two signals against each other
    ModuleSpec("CosineSimilarity", Role.MATMUL, "dim=1, eps=1e-08", function="cosine_similarity"),
    ModuleSpec("PairwiseDistance", Role.MATMUL, "p=2.0, eps=1e-06, keepdim=False", function="pairwise_distance"),
    # containers
    ModuleSpec("Module", Extra.BASE, "", base=""),
    ModuleSpec("Sequential", Extra.CONTAINER, "*args"),
    _container("Container", "**kwargs"),
    _container("ModuleList", "modules=None"),
    _container("ModuleDict", "modules=None"),
    _container("ParameterList", "values=None"),
    _container("ParameterDict", "parameters=None"),
    ModuleSpec("DataParallel", Extra.WRAPPER, "module, device_ids=None, output_device=None, dim=0"),
    # recurrent
    ModuleSpec("RNNBase", Role.RECURRENT,
               "mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, "
               f"bidirectional=False, proj_size=0, {_DEVICE}",
               parameters=_recurrent("(4 if mode == 'LSTM' else 3 if mode == 'GRU' else 1)", projected=True),
               result="pair"),
    ModuleSpec("RNN", Role.RECURRENT,
               "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, "
               f"bidirectional=False, {_DEVICE}",
               parameters=_recurrent(1), settings=("nonlinearity",), result="pair", base="RNNBase"),
    ModuleSpec("LSTM", Role.RECURRENT,
               "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, "
               f"proj_size=0, {_DEVICE}",
               parameters=_recurrent(4, projected=True), result="pair", base="RNNBase"),
    ModuleSpec("GRU", Role.RECURRENT,
               "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, "
               f"{_DEVICE}",
               parameters=_recurrent(3), result="pair", base="RNNBase"),
    ModuleSpec("RNNCellBase", Role.RECURRENT, f"input_size, hidden_size, bias, num_chunks, {_DEVICE}",
               parameters=_cell("num_chunks")),
    ModuleSpec("RNNCell", Role.RECURRENT, f"input_size, hidden_size, bias=True, nonlinearity='tanh', {_DEVICE}",
               parameters=_cell(1), settings=("nonlinearity",), base="RNNCellBase"),
    ModuleSpec("LSTMCell", Role.RECURRENT, f"input_size, hidden_size, bias=True, {_DEVICE}", parameters=_cell(4),
               result="pair", base="RNNCellBase"),
    ModuleSpec("GRUCell", Role.RECURRENT, f"input_size, hidden_size, bias=True, {_DEVICE}", parameters=_cell(3),
               base="RNNCellBase"),
    # attention
    ModuleSpec("MultiheadAttention", Role.ATTENTION,
               "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, "
               f"vdim=None, batch_first=False, {_DEVICE}",
               parameters=_ATTENTION, function="multi_head_attention_forward", result="pair",
               submodules=(
                   SubmoduleSpec("out_proj", "NonDynamicallyQuantizableLinear",
                                 (("in_features", "embed_dim"), ("out_features", "embed_dim"), ("bias", "bias")),
                                 fills=(("bias", ZEROS),)),
               )),
    ModuleSpec("TransformerEncoderLayer", Extra.COMPOSITE, f"d_model, nhead, {_TRANSFORMER}",
               source=composites.ENCODER_LAYER),
    ModuleSpec("TransformerDecoderLayer", Extra.COMPOSITE, f"d_model, nhead, {_TRANSFORMER}",
               source=composites.DECODER_LAYER),
    ModuleSpec("TransformerEncoder", Extra.COMPOSITE,
               "encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True",
               source=composites.ENCODER),
    ModuleSpec("TransformerDecoder", Extra.COMPOSITE, "decoder_layer, num_layers, norm=None",
               source=composites.DECODER),
    ModuleSpec("Transformer", Extra.COMPOSITE,
               "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, "
               "activation=F.relu, custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, "
               f"norm_first=False, bias=True, {_DEVICE}",
               source=composites.TRANSFORMER),
    # embedding
    ModuleSpec("Embedding", Role.EMBEDDING,
               "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, "
               f"scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, {_DEVICE}",
               parameters=_EMBEDDING, function="embedding", settings=("padding_idx",)),
    ModuleSpec("EmbeddingBag", Role.EMBEDDING,
               "num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', "
               f"sparse=False, _weight=None, include_last_offset=False, padding_idx=None, {_DEVICE}",
               parameters=_EMBEDDING, function="embedding_bag", settings=("padding_idx",)),
    # losses
    ModuleSpec("AdaptiveLogSoftmaxWithLoss", Extra.COMPOSITE,
               f"in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, {_DEVICE}",
               source=composites.ADAPTIVE_LOG_SOFTMAX, result="pair"),
    ModuleSpec("LinearCrossEntropyLoss", Extra.COMPOSITE,
               f"in_features, num_classes, *, out_features=(), bias=False, {_DEVICE}, reduction='mean', weight=None, "
               "ignore_index=None, label_smoothing=0.0, options=None",
               source=composites.LINEAR_CROSS_ENTROPY),
    _loss("BCELoss", "binary_cross_entropy", f"weight=None, {_REDUCTION}"),
    _loss("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", f"weight=None, {_REDUCTION}, pos_weight=None"),
    _loss("CTCLoss", "ctc_loss", "blank=0, reduction='mean', zero_infinity=False"),
    _loss("CosineEmbeddingLoss", "cosine_embedding_loss", f"margin=0.0, {_REDUCTION}"),
    _loss("CrossEntropyLoss", "cross_entropy",
          "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0"),
    _loss("GaussianNLLLoss", "gaussian_nll_loss", "*, full=False, eps=1e-06, reduction='mean'"),
    _loss("HingeEmbeddingLoss", "hinge_embedding_loss", f"margin=1.0, {_REDUCTION}"),
    _loss("HuberLoss", "huber_loss", "reduction='mean', delta=1.0"),
    _loss("KLDivLoss", "kl_div", f"{_REDUCTION}, log_target=False"),
    _loss("L1Loss", "l1_loss", _REDUCTION),
    _loss("MSELoss", "mse_loss", _REDUCTION),
    _loss("MarginRankingLoss", "margin_ranking_loss", f"margin=0.0, {_REDUCTION}"),
    _loss("MultiLabelMarginLoss", "multilabel_margin_loss", _REDUCTION),
    _loss("MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss", f"weight=None, {_REDUCTION}"),
    _loss("MultiMarginLoss", "multi_margin_loss", f"p=1, margin=1.0, weight=None, {_REDUCTION}"),
    _loss("NLLLoss", "nll_loss",
          "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"),
    _loss("NLLLoss2d", "nll_loss",
          "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'", base="NLLLoss"),
    _loss("PoissonNLLLoss", "poisson_nll_loss",
          "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'"),
    _loss("SmoothL1Loss", "smooth_l1_loss", f"{_REDUCTION}, beta=1.0"),
    _loss("SoftMarginLoss", "soft_margin_loss", _REDUCTION),
    _loss("TripletMarginLoss", "triplet_margin_loss", f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_REDUCTION}"),
    _loss("TripletMarginWithDistanceLoss", "triplet_margin_with_distance_loss",
          "*, distance_function=None, margin=1.0, swap=False, reduction='mean'"),
    *_by_axes(),
)

MODULES: Mapping[str, ModuleSpec] = {row.name: row for row in _ROWS}
