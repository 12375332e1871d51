"""`describe` against what torch really draws."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from initlint.signal.gains import TORCH_GAINS
from initlint.signal.initializers import DEPRECATED, Distribution, describe, fans, rescaled, shifted
from initlint.signal.schemes import truncated_moments

WIDE, TALL, KERNEL = (300, 1200), (1200, 300), (64, 48, 5, 5)
UNKNOWN = object()


def of(function: str, arguments: Mapping[str, object], *sizes: int | None, **known: float) -> Distribution:
    found = describe(function, arguments, shape=sizes or None, **known)
    assert found is not None
    return found


def check(found: Distribution, drawn: Tensor) -> None:
    """Every number of a description against a drawn tensor; the tolerance is five standard errors."""
    drawn = drawn.detach().double()
    fan_in = drawn[0].numel()
    error = 5 / math.sqrt(drawn.numel())
    std, mean = float(drawn.std(correction=0)), float(drawn.mean())
    assert found.mean is not None
    assert found.std is not None
    assert mean == pytest.approx(found.mean, abs=error * found.std + 1e-6 * abs(found.mean) + 1e-9)
    assert std == pytest.approx(found.std, rel=error, abs=1e-7)
    assert found.gain == pytest.approx(math.sqrt(fan_in) * found.std)
    assert found.s2 == pytest.approx(fan_in * (found.std**2 + found.mean**2))
    if found.low is not None:
        assert float(drawn.min()) >= found.low - 1e-6
    if found.high is not None:
        assert float(drawn.max()) <= found.high + 1e-6


INIT_CALLS = [
    ("normal_", {}),
    ("normal_", {"mean": 0.02}),
    ("normal_", {"mean": 0.5, "std": 0.02}),
    ("uniform_", {}),
    ("uniform_", {"a": -0.05, "b": 0.05}),
    ("uniform_", {"a": 0.05}),
    ("trunc_normal_", {}),
    ("trunc_normal_", {"mean": 0.02}),
    ("trunc_normal_", {"std": 0.02}),
    ("trunc_normal_", {"std": 0.02, "a": -0.04, "b": 0.04}),
    ("trunc_normal_", {"std": 10.0}),
    ("trunc_normal_", {"mean": 1.0, "std": 1.0, "a": -1.0, "b": 1.5}),
    ("constant_", {"val": 0.3}),
    ("ones_", {}),
    ("zeros_", {}),
    ("xavier_uniform_", {}),
    ("xavier_uniform_", {"gain": 5 / 3}),
    ("xavier_normal_", {"gain": 0.5}),
    ("kaiming_uniform_", {}),
    ("kaiming_uniform_", {"a": math.sqrt(5)}),
    ("kaiming_uniform_", {"a": 1}),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal_", {"a": 0.2}),
    ("kaiming_normal_", {"a": 0.2, "nonlinearity": "relu"}),
    ("kaiming_normal_", {"a": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal_", {"mode": "FAN_OUT", "a": 0.5}),
    ("kaiming_normal_", {"a": None}),
    *(("kaiming_normal_", {"nonlinearity": name}) for name in sorted(TORCH_GAINS)),
    ("orthogonal_", {}),
    ("orthogonal_", {"gain": math.sqrt(2)}),
]
MATRIX_CALLS = [("eye_", {}), ("sparse_", {"sparsity": 0.301}), ("sparse_", {"sparsity": 0.9, "std": 2.0})]


@pytest.mark.parametrize("shape", [WIDE, TALL, KERNEL])
@pytest.mark.parametrize(("function", "arguments"), INIT_CALLS)
def test_every_init_function(function: str, arguments: dict[str, object], shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    w = torch.empty(*shape)
    getattr(nn.init, function)(w, **arguments)
    check(of(function, arguments, *shape), w)


@pytest.mark.parametrize("shape", [WIDE, TALL])
@pytest.mark.parametrize(("function", "arguments"), MATRIX_CALLS)
def test_init_functions_of_matrices(function: str, arguments: dict[str, object], shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    w = torch.empty(*shape)
    getattr(nn.init, function)(w, **arguments)
    check(of(function, arguments, *shape), w)


@pytest.mark.parametrize(
    ("shape", "groups"), [((8, 4, 3), 1), ((4, 8, 3, 3), 1), ((24, 3, 3, 3), 3), ((8, 2, 1, 1, 1), 4)]
)
def test_dirac(shape: tuple[int, ...], groups: int) -> None:
    w = nn.init.dirac_(torch.empty(*shape), groups)
    check(of("dirac_", {"groups": groups}, *shape), w)
    assert describe("dirac_", {"groups": 5}, shape=shape) is None


def test_the_zeros_of_a_sparse_column_are_rounded_up() -> None:
    """Half of three rows is two zeros."""
    torch.manual_seed(1)
    w = nn.init.sparse_(torch.empty(3, 20_000), 0.5)
    assert float((w == 0).double().mean()) == pytest.approx(2 / 3)
    check(of("sparse_", {"sparsity": 0.5}, 3, 20_000), w)


def test_all_of_torch_nn_init_is_described() -> None:
    names = {
        name
        for name, member in vars(nn.init).items()
        if inspect.isfunction(member) and member.__module__ == "torch.nn.init" and not name.startswith("_")
    }
    for name in names - {"calculate_gain"}:
        shape = (4, 4, 3) if name.startswith("dirac") else (4, 4)
        assert describe(name, {"val": 1.0, "sparsity": 0.5}, shape=shape) is not None, name
    assert {name for name in names if name + "_" in names} == set(DEPRECATED)


FACTORIES = [
    ("randn", {}, lambda: torch.randn(300, 400)),
    ("rand", {}, lambda: torch.rand(300, 400)),
    ("zeros", {}, lambda: torch.zeros(30, 40)),
    ("ones_like", {}, lambda: torch.ones_like(torch.empty(30, 40))),
    ("full", {"fill_value": 0.25}, lambda: torch.full((30, 40), 0.25)),
    ("eye", {}, lambda: torch.eye(30, 40)),
    ("normal", {"mean": 1.0, "std": 0.1}, lambda: torch.normal(1.0, 0.1, (300, 400))),
    ("randint", {"low": -3, "high": 4}, lambda: torch.randint(-3, 4, (300, 400))),
    ("normal_", {"mean": 0.02, "std": 1.0}, lambda: torch.empty(300, 400).normal_(0.02)),
    ("uniform_", {"from": -1.0, "to": 0.5}, lambda: torch.empty(300, 400).uniform_(-1, 0.5)),
    ("zero_", {}, lambda: torch.empty(30, 40).zero_()),
    ("fill_", {"value": 2}, lambda: torch.empty(30, 40).fill_(2)),
    ("bernoulli_", {"p": 0.3}, lambda: torch.empty(300, 400).bernoulli_(0.3)),
    ("exponential_", {"lambd": 3.0}, lambda: torch.empty(600, 400).exponential_(3.0)),
    ("log_normal_", {"mean": 0.1, "std": 0.2}, lambda: torch.empty(300, 400).log_normal_(0.1, 0.2)),
    ("geometric_", {"p": 0.4}, lambda: torch.empty(600, 400).geometric_(0.4)),
]


@pytest.mark.parametrize(("function", "arguments", "draw"), FACTORIES)
def test_fills_and_factories(function: str, arguments: dict[str, object], draw: Callable[[], Tensor]) -> None:
    torch.manual_seed(2)
    drawn = draw()
    check(of(function, arguments, *drawn.shape), drawn)


def test_kinds() -> None:
    assert of("empty", {}).kind == "empty"
    assert of("new_empty", {}).random is False
    assert of("cauchy_", {}).std is None
    assert of("zeros", {}).is_zero
    assert of("constant_", {"val": 0}).is_zero
    assert of("fill_", {"value": 0.3}).constant == 0.3
    assert of("rand", {}).nonnegative
    assert of("uniform_", {"a": 0.05}).nonnegative
    assert not of("randn", {}).nonnegative
    assert not of("ones", {}).nonnegative
    assert of("kaiming_normal_", {}).random
    assert not of("ones", {}).random
    assert describe("copy_", {}) is None
    assert describe("constant_", {}) is None


class TestScaleWithoutSizes:
    """Gains are known where no size is."""

    def test_kaiming(self) -> None:
        found = of("kaiming_normal_", {"nonlinearity": "relu"})
        assert (found.mean, found.std, found.gain) == (0.0, None, math.sqrt(2))
        assert found.s2 == pytest.approx(2.0)
        assert of("kaiming_uniform_", {"a": math.sqrt(5)}, None, None).s2 == pytest.approx(1 / 3)

    def test_by_ratio_alone(self) -> None:
        assert of("xavier_uniform_", {}).gain is None
        assert of("xavier_uniform_", {}, fan_ratio=1.0).s2 == pytest.approx(1.0)
        assert of("xavier_uniform_", {"gain": 4}, fan_ratio=3.0).s2 == pytest.approx(16 * 2 / 4)
        assert of("kaiming_normal_", {"mode": "fan_out"}).gain is None
        assert of("kaiming_normal_", {"mode": "fan_out"}, fan_ratio=4.0).s2 == pytest.approx(0.5)

    def test_by_a_kernel_of_unknown_size(self) -> None:
        """in and out channels are enough for the ratio of the fans."""
        assert of("xavier_normal_", {}, 128, 64, None, None).s2 == pytest.approx(2 / 3)
        assert of("xavier_normal_", {}, 128, 64, None, None).std is None

    def test_orthogonal(self) -> None:
        assert of("orthogonal_", {"gain": 2.0}, fan_ratio=0.5).s2 == pytest.approx(4.0)
        assert of("orthogonal_", {}, fan_ratio=3.0).s2 is None
        assert describe("orthogonal_", {}, shape=(None, None), fan_ratio=3.0).s2 == pytest.approx(1 / 3)
        assert describe("eye_", {}, shape=(None, None), fan_ratio=3.0).s2 == pytest.approx(1 / 3)

    def test_fans_without_a_shape(self) -> None:
        found = describe("xavier_normal_", {}, 100, 300)
        assert found is not None
        assert found.std == pytest.approx(math.sqrt(2 / 400))
        assert describe("kaiming_normal_", {}, None, 300, fan_ratio=3.0).std == pytest.approx(math.sqrt(2 / 100))

    def test_plain_scales_need_the_fan(self) -> None:
        found = of("normal_", {"std": 0.02})
        assert (found.std, found.gain, found.s2) == (0.02, None, None)
        found = of("normal_", {"std": 0.02}, None, 768)
        assert found.s2 == pytest.approx(0.3072)
        assert of("normal_", {"mean": 0.02}, 10, 768).s2 == pytest.approx(768 * 1.0004)
        zero = of("zeros_", {})
        assert (zero.gain, zero.s2) == (0.0, 0.0)


class TestUnknownArguments:
    """A value that is not of the right kind is not known, and leaves unknown only what depends on it."""

    def test_numbers(self) -> None:
        assert of("normal_", {"std": UNKNOWN}, 4, 4) == Distribution("normal", 0.0, fan_in=4)
        assert of("normal_", {"mean": UNKNOWN, "std": 0.1}, 4, 4).gain == pytest.approx(0.2)
        assert of("normal_", {"mean": UNKNOWN}, 4, 4).s2 is None
        assert of("uniform_", {"a": 0.0, "b": UNKNOWN}).nonnegative
        assert of("uniform_", {"a": UNKNOWN}).mean is None
        assert of("constant_", {"val": UNKNOWN}).constant is None
        assert of("constant_", {"val": UNKNOWN}).std == 0.0
        assert of("trunc_normal_", {"std": UNKNOWN}).mean == 0.0
        assert of("orthogonal_", {"gain": UNKNOWN}, 4, 4).gain is None
        assert of("sparse_", {"sparsity": UNKNOWN}, 4, 4).std is None
        assert of("trunc_normal_tf_", {"std": UNKNOWN}).mean == 0.0

    def test_kaiming(self) -> None:
        assert of("kaiming_normal_", {"a": UNKNOWN}).gain is None
        assert of("kaiming_normal_", {"a": UNKNOWN, "nonlinearity": "relu"}).gain == math.sqrt(2)
        assert of("kaiming_normal_", {"nonlinearity": UNKNOWN}).gain is None
        assert of("kaiming_normal_", {"mode": UNKNOWN}).gain is None
        assert of("kaiming_normal_", {"mode": UNKNOWN}).mean == 0.0


RAISING = [
    ("kaiming_normal_", {"a": "fan_out"}, (4, 4)),
    ("kaiming_normal_", {"a": True}, (4, 4)),
    ("kaiming_normal_", {"nonlinearity": "gelu"}, (4, 4)),
    ("kaiming_uniform_", {"mode": "fan_avg"}, (4, 4)),
    ("xavier_uniform_", {"gain": "relu"}, (4, 4)),
    ("normal_", {"std": -1.0}, (4, 4)),
    ("uniform_", {"a": 1.0, "b": 0.0}, (4, 4)),
    ("xavier_normal_", {}, (4,)),
    ("kaiming_normal_", {}, (4,)),
    ("orthogonal_", {}, (4,)),
    ("eye_", {}, (4, 4, 3)),
    ("sparse_", {"sparsity": 0.1}, (4, 4, 3)),
    ("dirac_", {}, (4, 4)),
    ("dirac_", {}, (4, 4, 1, 1, 1, 1)),
]


@pytest.mark.parametrize(("function", "arguments", "shape"), RAISING)
def test_nothing_is_said_where_torch_raises(
    function: str, arguments: dict[str, object], shape: tuple[int, ...]
) -> None:
    with pytest.raises((ValueError, TypeError, RuntimeError)):
        getattr(nn.init, function)(torch.empty(*shape), **arguments)
    assert describe(function, arguments, shape=shape) is None


class TestOtherLibraries:
    @pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
    @pytest.mark.parametrize("distribution", ["normal", "uniform", "truncated_normal"])
    def test_variance_scaling(self, mode: str, distribution: str) -> None:
        found = of("variance_scaling_", {"scale": 3.0, "mode": mode, "distribution": distribution}, 200, 100)
        fan = {"fan_in": 100, "fan_out": 200, "fan_avg": 150}[mode]
        assert found.kind == distribution
        assert found.std == pytest.approx(math.sqrt(3 / fan))
        assert describe("variance_scaling_", {"mode": "fan"}) is None
        assert describe("variance_scaling_", {"distribution": "cauchy"}) is None

    def test_lecun(self) -> None:
        assert of("lecun_normal_", {}).s2 == 1.0
        assert of("lecun_normal_", {}).kind == "truncated_normal"

    def test_bounds_in_units_of_std(self) -> None:
        torch.manual_seed(0)
        w = torch.empty(300, 400)
        nn.init.trunc_normal_(w)  # TensorFlow's form: truncate the standard normal, then scale and shift
        check(of("trunc_normal_tf_", {"mean": 0.5, "std": 0.02}, 300, 400), w * 0.02 + 0.5)

    def test_caffe2_fillers(self) -> None:
        assert of("c2_xavier_fill", {}).s2 == pytest.approx(1.0)
        assert of("c2_msra_fill", {}, 128, 64, 3, 3).s2 == pytest.approx(1.0)
        assert of("caffe2_xavier_init", {"bias": 0}).kind == "uniform"

    def test_mmengine(self) -> None:
        assert of("kaiming_init", {}, 64, 64).s2 == pytest.approx(2.0)
        assert of("kaiming_init", {"distribution": "uniform", "mode": "fan_in"}).kind == "uniform"
        assert of("xavier_init", {}, 64, 64).kind == "normal"
        assert of("normal_init", {"std": 0.01, "bias": 1}).std == 0.01
        assert of("constant_init", {"val": 0}).is_zero
        assert describe("xavier_init", {"distribution": UNKNOWN}) is None


@given(
    shape=st.lists(st.integers(1, 9), min_size=2, max_size=5),
)
def test_fans_are_torchs(shape: list[int]) -> None:
    assert fans(shape) == nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def test_fans_of_sizes_not_known() -> None:
    assert fans((None, 3, 2)) == (6, None)
    assert fans((8, None)) == (None, 8)
    assert fans((8, 4, None)) == (None, None)
    with pytest.raises(ValueError, match="fewer than 2 dimensions"):
        fans((3,))


@given(
    mean=st.floats(-1, 1),
    std=st.floats(1e-3, 10),
    low=st.floats(-2, -0.1),
    width=st.floats(0.5, 4),
)
def test_a_truncated_normal_stays_in_its_bounds(mean: float, std: float, low: float, width: float) -> None:
    try:
        centre, spread = truncated_moments(mean, std, low, low + width)
    except ValueError:
        assert mean > low + width or mean < low
        return
    assert low <= centre <= low + width
    assert spread <= min(std, width / 2) * (1 + 1e-9)


def test_truncated_moments_at_the_extremes() -> None:
    assert truncated_moments(0.0, 1.0, -math.inf, math.inf) == pytest.approx((0.0, 1.0))
    assert truncated_moments(0.0, 1e9, -2.0, 2.0) == pytest.approx((0.0, 4 / math.sqrt(12)))
    assert truncated_moments(0.0, 1.0, 0.0, math.inf)[0] == pytest.approx(math.sqrt(2 / math.pi))
    far_up, far_down = truncated_moments(-6.0, 1.0, 0.0, 0.5), truncated_moments(6.0, 1.0, -0.5, 0.0)
    assert far_up[0] == pytest.approx(-far_down[0], rel=1e-12)
    assert far_up[1] == pytest.approx(far_down[1], rel=1e-12)
    assert far_up == pytest.approx((0.1377403, 0.1164116), rel=1e-5)  # by brute force
    for impossible in ((0.0, 0.0, -2.0, 2.0), (0.0, 1.0, 2.0, -2.0), (100.0, 1.0, -2.0, 2.0)):
        with pytest.raises(ValueError, match=r"."):
            truncated_moments(*impossible)


class TestArithmetic:
    @pytest.mark.parametrize("factor", [0.01, 3.0, -2.0])
    def test_rescaled(self, factor: float) -> None:
        torch.manual_seed(3)
        w = torch.rand(300, 400)
        check(rescaled(of("rand", {}, 300, 400), factor), w * factor)

    def test_rescaled_keeps_gains_without_sizes(self) -> None:
        assert rescaled(of("kaiming_normal_", {}), 0.5).s2 == pytest.approx(0.5)

    def test_rescaled_to_nothing(self) -> None:
        zero = rescaled(of("kaiming_normal_", {}), 0.0)
        assert zero.is_zero
        assert zero.s2 == 0.0
        assert rescaled(zero, None) == zero

    def test_an_unknown_factor_keeps_only_the_centre(self) -> None:
        found = rescaled(of("randn", {}, 3, 4), None)
        assert (found.kind, found.mean, found.std, found.gain, found.s2) == ("normal", 0.0, None, None, None)
        assert rescaled(of("rand", {}, 3, 4), None).mean is None

    def test_shifted(self) -> None:
        torch.manual_seed(3)
        w = torch.rand(300, 400)
        check(shifted(of("rand", {}, 300, 400), -0.5), w - 0.5)
        check(shifted(of("zeros", {}, 300, 400), 0.7), torch.zeros(300, 400) + 0.7)
        assert shifted(of("eye", {}, 3, 3), 1.0).kind == "structured"
        assert not shifted(of("rand", {}), -0.5).nonnegative

    def test_an_unknown_offset_keeps_the_spread(self) -> None:
        found = shifted(of("rand", {}, 3, 4), None)
        assert (found.mean, found.low, found.s2) == (None, None, None)
        assert found.std == pytest.approx(1 / math.sqrt(12))

    @given(factor=st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-3), other=st.floats(0.1, 10))
    def test_rescaling_composes(self, factor: float, other: float) -> None:
        start = of("uniform_", {"a": -1.0, "b": 3.0}, 5, 7)
        twice, once = rescaled(rescaled(start, factor), other), rescaled(start, factor * other)
        for name in ("mean", "std", "low", "high", "gain", "s2"):
            assert getattr(twice, name) == pytest.approx(getattr(once, name))
