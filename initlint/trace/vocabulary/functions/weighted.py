"""Functions that take weights, norms, and what compares outputs with targets.

A norm without `weight` normalises all the same.
"""

from __future__ import annotations

from functools import partial

from initlint.model.graph import Role
from initlint.trace.vocabulary.functions.rows import row
from initlint.trace.vocabulary.spec import FunctionSpec

_norm = partial(row, Role.NORM)
_attention = partial(row, Role.ATTENTION)
_layer = partial(row, Role.LAYER)
_embedding = partial(row, Role.EMBEDDING)
_recurrent = partial(row, Role.RECURRENT)
_loss = partial(row, Role.LOSS)

ROWS: tuple[FunctionSpec, ...] = (
    _norm("local_response_norm", "F", "input, size, alpha=0.0001, beta=0.75, k=1.0"),
    _norm(
        "layer_norm", "FT", "input, normalized_shape, weight=None, bias=None, eps=1e-05", settings="eps",
        weight="weight", torch="input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True",
    ),
    _norm("rms_norm", "FT", "input, normalized_shape, weight=None, eps=None", settings="eps", weight="weight"),
    _norm(
        "group_norm", "FT", "input, num_groups, weight=None, bias=None, eps=1e-05", settings="eps", weight="weight",
        torch="input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True",
    ),
    _norm(
        "instance_norm", "FT",
        "input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, "
        "momentum=0.1, eps=1e-05",
        settings="eps", weight="weight",
        torch="input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled",
    ),
    _norm(
        "batch_norm", "FT",
        "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
        settings="eps", weight="weight",
        torch="input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled",
    ),
    _norm("normalize", "F", "input, p=2.0, dim=1, eps=1e-12", settings="p dim"),
    _attention(
        "scaled_dot_product_attention", "F",
        "query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False",
        signals="query key value",
    ),
    _attention(
        "multi_head_attention_forward", "F",
        "query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, "
        "add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, "
        "need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, "
        "k_proj_weight=None, v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, "
        "is_causal=False",
        signals="query key value", weight="in_proj_weight", result="pair",
    ),
    _layer("linear", "F", "input, weight, bias=None", weight="weight"),
    _layer("conv1d", "FT", "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", weight="weight"),
    _layer("conv2d", "FT", "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", weight="weight"),
    _layer("conv3d", "FT", "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", weight="weight"),
    _layer(
        "conv_transpose1d", "FT",
        "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1", weight="weight",
    ),
    _layer(
        "conv_transpose2d", "FT",
        "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1", weight="weight",
    ),
    _layer(
        "conv_transpose3d", "FT",
        "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1", weight="weight",
    ),
    _layer("conv_tbc", "FT", "input, weight, bias, pad=0", weight="weight"),
    _layer("bilinear", "FT", "input1, input2, weight, bias=None", signals="input1 input2", weight="weight"),
    _embedding(
        "embedding", "FT",
        "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
        signals="input indices", weight="weight",
        torch="weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False",
    ),
    _embedding(
        "embedding_bag", "FT",
        "input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', "
        "sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
        signals="input indices", weight="weight",
        torch="weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset,"
        " padding_idx=None",
    ),
    _recurrent(
        "lstm", "T", "input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first",
        signals="input *hx", weight="*params", result="tuple",
    ),
    _recurrent(
        "gru", "T", "input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first",
        signals="input *hx", weight="*params", result="tuple",
    ),
    _recurrent(
        "rnn_tanh", "T", "input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first",
        signals="input *hx", weight="*params", result="tuple",
    ),
    _recurrent(
        "rnn_relu", "T", "input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first",
        signals="input *hx", weight="*params", result="tuple",
    ),
    _recurrent(
        "lstm_cell", "T", "input, hx, w_ih, w_hh, b_ih=None, b_hh=None", signals="input *hx", weight="w_ih",
        result="pair",
    ),
    _recurrent("gru_cell", "T", "input, hx, w_ih, w_hh, b_ih=None, b_hh=None", signals="input hx", weight="w_ih"),
    _recurrent("rnn_tanh_cell", "T", "input, hx, w_ih, w_hh, b_ih=None, b_hh=None", signals="input hx", weight="w_ih"),
    _recurrent("rnn_relu_cell", "T", "input, hx, w_ih, w_hh, b_ih=None, b_hh=None", signals="input hx", weight="w_ih"),
    _loss(
        "binary_cross_entropy", "F", "input, target, weight=None, size_average=None, reduce=None, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "cross_entropy", "F",
        "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', "
        "label_smoothing=0.0",
        signals="input target",
    ),
    _loss("huber_loss", "F", "input, target, reduction='mean', delta=1.0, weight=None", signals="input target"),
    _loss(
        "l1_loss", "F", "input, target, size_average=None, reduce=None, reduction='mean', weight=None",
        signals="input target",
    ),
    _loss(
        "mse_loss", "F", "input, target, size_average=None, reduce=None, reduction='mean', weight=None",
        signals="input target",
    ),
    _loss(
        "multi_margin_loss", "F",
        "input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "multilabel_margin_loss", "F", "input, target, size_average=None, reduce=None, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "multilabel_soft_margin_loss", "F",
        "input, target, weight=None, size_average=None, reduce=None, reduction='mean'", signals="input target",
    ),
    _loss(
        "nll_loss", "F",
        "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "smooth_l1_loss", "F", "input, target, size_average=None, reduce=None, reduction='mean', beta=1.0",
        signals="input target",
    ),
    _loss(
        "soft_margin_loss", "F", "input, target, size_average=None, reduce=None, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "binary_cross_entropy_with_logits", "FT",
        "input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None",
        signals="input target", torch="input, target, weight=None, pos_weight=None, reduction=1",
    ),
    _loss(
        "hinge_embedding_loss", "FT", "input, target, margin=1.0, size_average=None, reduce=None, reduction='mean'",
        signals="input target", torch="input, target, margin=1.0, reduction=1",
    ),
    _loss(
        "kl_div", "FT", "input, target, size_average=None, reduce=None, reduction='mean', log_target=False",
        signals="input target", torch="input, target, reduction=1, *, log_target=False",
    ),
    _loss(
        "poisson_nll_loss", "FT",
        "input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
        signals="input target", torch="input, target, log_input, full, eps, reduction",
    ),
    _loss(
        "gaussian_nll_loss", "F", "input, target, var, full=False, eps=1e-06, reduction='mean'",
        signals="input target",
    ),
    _loss(
        "ctc_loss", "FT",
        "log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False",
        torch="log_probs, targets, input_lengths, target_lengths, blank=0, reduction=1, zero_infinity=False",
    ),
    _loss(
        "cosine_embedding_loss", "FT",
        "input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'", signals="input1 input2",
        torch="input1, input2, target, margin=0.0, reduction=1",
    ),
    _loss(
        "margin_ranking_loss", "FT",
        "input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'", signals="input1 input2",
        torch="input1, input2, target, margin=0.0, reduction=1",
    ),
    _loss(
        "triplet_margin_loss", "FT",
        "anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, size_average=None, reduce=None, "
        "reduction='mean'",
        signals="anchor positive negative",
        torch="anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, reduction=1",
    ),
    _loss(
        "triplet_margin_with_distance_loss", "F",
        "anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'",
        signals="anchor positive negative",
    ),
    _loss(
        "linear_cross_entropy", "F",
        "input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', ignore_index=None,"
        " label_smoothing=0.0, options=None",
        weight="linear_weight",
    ),
)
