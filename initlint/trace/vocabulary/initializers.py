"""Who writes values: torch.nn.init, the in-place methods of tensors, and the makers of tensors."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.trace.vocabulary.functions.rows import surfaces
from initlint.trace.vocabulary.spec import (
    ONES,
    STANDARD_NORMAL,
    STANDARD_UNIFORM,
    ZEROS,
    FactorySpec,
    Fill,
    FillSpec,
    InitializerSpec,
)

_KAIMING = "tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None"

_MODERN: tuple[InitializerSpec, ...] = (
    InitializerSpec("uniform_", "tensor, a=0.0, b=1.0, generator=None", "uniform"),
    InitializerSpec("normal_", "tensor, mean=0.0, std=1.0, generator=None", "normal"),
    InitializerSpec("trunc_normal_", "tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None", "truncated_normal"),
    InitializerSpec("constant_", "tensor, val", "constant"),
    InitializerSpec("ones_", "tensor", "constant"),
    InitializerSpec("zeros_", "tensor", "constant"),
    InitializerSpec("eye_", "tensor", "identity"),
    InitializerSpec("dirac_", "tensor, groups=1", "dirac"),
    InitializerSpec("xavier_uniform_", "tensor, gain=1.0, generator=None", "uniform"),
    InitializerSpec("xavier_normal_", "tensor, gain=1.0, generator=None", "normal"),
    InitializerSpec("kaiming_uniform_", _KAIMING, "uniform"),
    InitializerSpec("kaiming_normal_", _KAIMING, "normal"),
    InitializerSpec("orthogonal_", "tensor, gain=1, generator=None", "orthogonal"),
    InitializerSpec("sparse_", "tensor, sparsity, std=0.01, generator=None", "sparse"),
)

_DEPRECATED = (
    "uniform", "normal", "constant", "eye", "dirac", "xavier_uniform", "xavier_normal", "kaiming_uniform",
    "kaiming_normal", "orthogonal", "sparse",
)


def _initializers() -> dict[str, InitializerSpec]:
    found = {spec.name: spec for spec in _MODERN}
    for name in _DEPRECATED:
        spec = found[f"{name}_"]
        found[name] = InitializerSpec(name, spec.signature, spec.distribution, modern=spec.name)
    return found


INITIALIZERS: Mapping[str, InitializerSpec] = _initializers()
"""The functions of torch.nn.init that fill a tensor, the deprecated spellings among them."""

FILLS: Mapping[str, FillSpec] = {
    spec.name: spec
    for spec in (
        FillSpec("normal_", "input, mean=0, std=1, *, generator=None", "draw",
                 Fill("normal_", (("mean", "mean"), ("std", "std")))),
        FillSpec("uniform_", "input, from_=0, to=1, *, generator=None", "draw",
                 Fill("uniform_", (("a", "from_"), ("b", "to")))),
        FillSpec("exponential_", "input, lambd=1, *, generator=None", "draw"),
        FillSpec("cauchy_", "input, median=0, sigma=1, *, generator=None", "draw"),
        FillSpec("geometric_", "input, p, *, generator=None", "draw"),
        FillSpec("log_normal_", "input, mean=1, std=2, *, generator=None", "draw"),
        FillSpec("random_", "input, from_=0, to=None, *, generator=None", "draw"),
        FillSpec("bernoulli_", "input, p=0.5, *, generator=None", "draw"),
        FillSpec("zero_", "input", "constant", ZEROS),
        FillSpec("fill_", "input, value", "constant", Fill("constant_", (("val", "value"),))),
        FillSpec("fill_diagonal_", "input, fill_value, wrap=False", "transform"),
        FillSpec("copy_", "input, other, non_blocking=False", "copy"),
        FillSpec("mul_", "input, other", "rescale"),
        FillSpec("multiply_", "input, other", "rescale"),
        FillSpec("div_", "input, other, *, rounding_mode=None", "rescale"),
        FillSpec("divide_", "input, other, *, rounding_mode=None", "rescale"),
        FillSpec("true_divide_", "input, other", "rescale"),
        FillSpec("neg_", "input", "rescale"),
        FillSpec("add_", "input, other, *, alpha=1", "shift"),
        FillSpec("sub_", "input, other, *, alpha=1", "shift"),
        FillSpec("clamp_", "input, min=None, max=None", "transform"),
        FillSpec("clamp_min_", "input, min", "transform"),
        FillSpec("clamp_max_", "input, max", "transform"),
        FillSpec("clip_", "input, min=None, max=None", "transform"),
        FillSpec("erfinv_", "input", "transform"),
        FillSpec("fmod_", "input, other", "transform"),
        FillSpec("remainder_", "input, other", "transform"),
        FillSpec("pow_", "input, exponent", "transform"),
        FillSpec("sqrt_", "input", "transform"),
        FillSpec("square_", "input", "transform"),
        FillSpec("exp_", "input", "transform"),
        FillSpec("log_", "input", "transform"),
        FillSpec("abs_", "input", "transform"),
        FillSpec("sign_", "input", "transform"),
        FillSpec("round_", "input, *, decimals=0", "transform"),
        FillSpec("trunc_", "input", "transform"),
        FillSpec("floor_", "input", "transform"),
        FillSpec("tanh_", "input", "transform"),
        FillSpec("sin_", "input", "transform"),
        FillSpec("cos_", "input", "transform"),
        FillSpec("tril_", "input, diagonal=0", "transform"),
        FillSpec("triu_", "input, diagonal=0", "transform"),
        FillSpec("masked_fill_", "input, mask, value", "transform"),
        FillSpec("index_fill_", "input, dim, index, value", "transform"),
        FillSpec("index_copy_", "input, dim, index, source", "transform"),
        FillSpec("index_add_", "input, dim, index, source, *, alpha=1", "transform"),
        FillSpec("index_put_", "input, indices, values, accumulate=False", "transform"),
        FillSpec("scatter_", "input, dim, index, src, *, reduce=None", "transform"),
        FillSpec("lerp_", "input, end, weight", "transform"),
        FillSpec("addcmul_", "input, tensor1, tensor2, *, value=1", "transform"),
        FillSpec("renorm_", "input, p, dim, maxnorm", "transform"),
    )
}
"""In-place methods as they act on a parameter. Most of them act on signals too, as FUNCTIONS says."""

_OPTIONS = "dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"
_LIKE = f"memory_format=None, {_OPTIONS}"
_NUMBER = (("val", "fill_value"),)
_TORCH = surfaces("T")
_METHOD = surfaces("X")
_FFT = surfaces("R")

FACTORIES: Mapping[str, FactorySpec] = {
    spec.name: spec
    for spec in (
        FactorySpec("randn", f"*size, generator=None, {_OPTIONS}", "draw", STANDARD_NORMAL, size="size"),
        FactorySpec("rand", f"*size, generator=None, {_OPTIONS}", "draw", STANDARD_UNIFORM, size="size"),
        FactorySpec("zeros", f"*size, {_OPTIONS}", "constant", ZEROS, size="size"),
        FactorySpec("ones", f"*size, {_OPTIONS}", "constant", ONES, size="size"),
        FactorySpec("empty", f"*size, memory_format=None, {_OPTIONS}", "empty", size="size"),
        FactorySpec("full", f"size, fill_value, *, {_OPTIONS}", "constant", Fill("constant_", _NUMBER), size="size"),
        FactorySpec("normal",
                    "mean, std=1, size=None, *, generator=None, dtype=None, layout=None, device=None, "
                    "pin_memory=False, requires_grad=False",
                    "draw", Fill("normal_", (("mean", "mean"), ("std", "std"))), size="size"),
        FactorySpec("randint",
                    "low, high=None, size=None, *, generator=None, dtype=None, layout=None, device=None, "
                    "pin_memory=False, requires_grad=False",
                    "draw", size="size"),
        FactorySpec("empty_strided", f"size, stride, *, {_OPTIONS}", "empty", size="size"),
        FactorySpec("empty_permuted", f"size, physical_layout, *, {_OPTIONS}", "empty", size="size"),
        FactorySpec("randn_like", f"input, *, generator=None, {_LIKE}", "draw", STANDARD_NORMAL, like="input"),
        FactorySpec("rand_like", f"input, *, generator=None, {_LIKE}", "draw", STANDARD_UNIFORM, like="input"),
        FactorySpec("zeros_like", f"input, *, {_LIKE}", "constant", ZEROS, like="input"),
        FactorySpec("ones_like", f"input, *, {_LIKE}", "constant", ONES, like="input"),
        FactorySpec("empty_like", f"input, *, {_LIKE}", "empty", like="input"),
        FactorySpec("full_like", f"input, fill_value, *, {_LIKE}", "constant", Fill("constant_", _NUMBER),
                    like="input"),
        FactorySpec("randint_like", f"input, low, high=None, *, generator=None, {_LIKE}", "draw", like="input"),
        FactorySpec("eye", f"n, m=None, *, {_OPTIONS}", "constant", Fill("eye_")),
        FactorySpec("tensor", "data, dtype=None, device=None, requires_grad=False, pin_memory=False", "data"),
        FactorySpec("as_tensor", "data, dtype=None, device=None", "data"),
        FactorySpec("asarray", "obj, *, dtype=None, device=None, copy=None, requires_grad=None", "data"),
        FactorySpec("scalar_tensor", f"s, *, {_OPTIONS}", "data"),
        FactorySpec("from_numpy", "ndarray", "data"),
        FactorySpec("frombuffer", "buffer, *, dtype, count=-1, offset=0, requires_grad=False", "data"),
        FactorySpec("from_dlpack", "ext_tensor, *, device=None, copy=None", "data"),
        FactorySpec("arange", f"start, end=None, step=1, *, {_OPTIONS}", "sequence"),
        FactorySpec("range",
                    "start, end=None, step=1, *, dtype=None, device=None, requires_grad=False, pin_memory=False",
                    "sequence"),
        FactorySpec("linspace", f"start, end, steps, *, {_OPTIONS}", "sequence"),
        FactorySpec("logspace", f"start, end, steps, base=10.0, *, {_OPTIONS}", "sequence"),
        FactorySpec("randperm", f"n, *, generator=None, {_OPTIONS}", "sequence"),
        FactorySpec("tril_indices", f"row, col, offset=0, *, {_OPTIONS}", "sequence"),
        FactorySpec("triu_indices", f"row, col, offset=0, *, {_OPTIONS}", "sequence"),
        FactorySpec("vander", "x, N=None, increasing=False", "sequence", surfaces=surfaces("TL")),
        FactorySpec("bartlett_window", f"window_length, periodic=True, *, {_OPTIONS}", "sequence"),
        FactorySpec("blackman_window", f"window_length, periodic=True, *, {_OPTIONS}", "sequence"),
        FactorySpec("hann_window", f"window_length, periodic=True, *, {_OPTIONS}", "sequence"),
        FactorySpec("hamming_window", f"window_length, periodic=True, alpha=0.54, beta=0.46, *, {_OPTIONS}",
                    "sequence"),
        FactorySpec("kaiser_window", f"window_length, periodic=True, beta=12.0, *, {_OPTIONS}", "sequence"),
        FactorySpec("fftfreq", "n, d=1.0, *, dtype=None, layout=None, device=None, requires_grad=False", "sequence",
                    surfaces=_FFT),
        FactorySpec("rfftfreq", "n, d=1.0, *, dtype=None, layout=None, device=None, requires_grad=False", "sequence",
                    surfaces=_FFT),
        FactorySpec("new_zeros", f"input, *size, {_OPTIONS}", "constant", ZEROS, size="size", surfaces=_METHOD),
        FactorySpec("new_ones", f"input, *size, {_OPTIONS}", "constant", ONES, size="size", surfaces=_METHOD),
        FactorySpec("new_empty", f"input, *size, {_OPTIONS}", "empty", size="size", surfaces=_METHOD),
        FactorySpec("new_empty_strided", f"input, size, stride, *, {_OPTIONS}", "empty", size="size",
                    surfaces=_METHOD),
        FactorySpec("new_full", f"input, size, fill_value, *, {_OPTIONS}", "constant", Fill("constant_", _NUMBER),
                    size="size", surfaces=_METHOD),
        FactorySpec("new_tensor", "input, data, dtype=None, device=None, requires_grad=False, pin_memory=False", "data",
                    surfaces=_METHOD),
        FactorySpec("new", "input, *args, device=None", "sizes or data", surfaces=_METHOD),
        *(
            FactorySpec(name, "*args, **kwargs", "sizes or data", surfaces=_TORCH)
            for name in (
                "Tensor", "FloatTensor", "DoubleTensor", "HalfTensor", "BFloat16Tensor", "LongTensor", "IntTensor",
                "ShortTensor", "ByteTensor", "CharTensor", "BoolTensor",
            )
        ),
    )
}
"""Makers of tensors. A single tuple in the place of `*size` is the size as well."""
