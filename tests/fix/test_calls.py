"""Changes to calls, over many spellings and layouts. `«…»` marks the call."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
import torch

from initlint.fix.arguments import PARAMETERS
from initlint.model.change import (
    Change,
    NameArgument,
    RemoveArgument,
    RenameFunction,
    ReplaceInit,
    SetArgument,
    WidenCall,
)
from initlint.model.source import Call
from tests.fix.marks import Marked

NN = "import torch.nn as nn\n"
INIT = "from torch.nn import init\n"
TORCH = "import torch\n"
BARE = "from torch.nn.init import kaiming_normal_\n"


def set_mode(call: Call) -> tuple[Change, ...]:
    return (SetArgument(call, "mode", "'fan_out'", 2),)


def set_std(call: Call) -> tuple[Change, ...]:
    return (SetArgument(call, "std", "0.02", 2),)


def set_nonlinearity(call: Call) -> tuple[Change, ...]:
    return (SetArgument(call, "nonlinearity", "'relu'", 3),)


def slope_for_nonlinearity(call: Call) -> tuple[Change, ...]:
    return (SetArgument(call, "a", "0.25", 1, replaces="nonlinearity"),)


def prelu(call: Call) -> tuple[Change, ...]:
    return (SetArgument(call, "a", "0.25", 1), RemoveArgument(call, "nonlinearity", 3))


def gain_as_slope(call: Call) -> tuple[Change, ...]:
    return (RemoveArgument(call, "a", 1), SetArgument(call, "nonlinearity", "'relu'", 3))


def without_slope(call: Call) -> tuple[Change, ...]:
    return (RemoveArgument(call, "a", 1),)


def name_std(call: Call) -> tuple[Change, ...]:
    return (NameArgument(call, 1, "std"),)


def name_mode(call: Call) -> tuple[Change, ...]:
    return (NameArgument(call, 1, "mode"),)


def name_both(call: Call) -> tuple[Change, ...]:
    return (NameArgument(call, 1, "mode"), NameArgument(call, 2, "nonlinearity"))


def rename(function: str) -> Callable[[Call], tuple[Change, ...]]:
    return lambda call: (RenameFunction(call, function),)


def instead(function: str, *arguments: str) -> Callable[[Call], tuple[Change, ...]]:
    return lambda call: (ReplaceInit(call, function, arguments),)


CASES = [
    # a value where it stands
    (set_mode, "«f(w, mode='fan_in')»", "f(w, mode='fan_out')"),
    (set_mode, '«f(w, mode="fan_in")»', 'f(w, mode="fan_out")'),
    (set_mode, "«f(w, 0, 'fan_in')»", "f(w, 0, 'fan_out')"),
    (set_mode, '«f(w, 0, "fan_in", "relu")»', '«f(w, 0, "fan_out", "relu")»'),
    (set_mode, "«f(w,mode = MODE)»", '«f(w,mode = "fan_out")»'),
    (set_mode, "«f(w, mode=('fan_in'))»", "f(w, mode=('fan_out'))"),
    (set_mode, "«f(\n    w,\n    mode='fan_in',  # why\n)»", "f(\n    w,\n    mode='fan_out',  # why\n)"),
    (set_std, "«f(w, 0.0, 1.0)»", "f(w, 0.0, 0.02)"),
    (set_std, "«f(w, std=math.sqrt(\n    2 / n))»", "f(w, std=0.02)"),
    (set_std, "«f(tensor=w, std=1)»", "f(tensor=w, std=0.02)"),
    # a value that was not there
    (set_std, "«f(w)»", "f(w, std=0.02)"),
    (set_std, "«f(w,)»", "f(w, std=0.02,)"),
    (set_std, "«f()»", "f(std=0.02)"),
    (set_std, "«f( w )»", "f( w, std=0.02 )"),
    (set_std, "«f(w, *rest)»", "f(w, *rest, std=0.02)"),
    (set_std, "«f(w, **rest)»", "f(w, **rest, std=0.02)"),
    (set_std, "«f(w,\n  0.0)»", "f(w,\n  0.0,\n  std=0.02)"),
    (set_std, "«f(\n    w,\n    0.0,\n)»", "f(\n    w,\n    0.0,\n    std=0.02,\n)"),
    (set_std, "«f(\n    w,\n    0.0  # mean\n)»", "f(\n    w,\n    0.0,  # mean\n    std=0.02\n)"),
    (set_std, "«f(\n    w,\n    0.0,  # mean\n)»", "f(\n    w,\n    0.0,  # mean\n    std=0.02,\n)"),
    (set_std, "«f(\n    w, 0.0  # mean\n)»", "f(\n    w, 0.0, std=0.02  # mean\n)"),
    (set_std, "«f(\n\tw\n)»", "f(\n\tw,\n\tstd=0.02\n)"),
    (set_std, "«f(w \\\n  , 0.0)»", "f(w \\\n  , 0.0, std=0.02)"),
    (set_mode, "«f(w)»", 'f(w, mode="fan_out")'),
    (set_mode, "x = 'a', 'b'\n«f(w)»", "x = 'a', 'b'\nf(w, mode='fan_out')"),
    # in the place of another
    (slope_for_nonlinearity, "«f(w, nonlinearity='prelu')»", "f(w, a=0.25)"),
    (slope_for_nonlinearity, "«f(w, mode='fan_in', nonlinearity = 'prelu')»", "f(w, mode='fan_in', a=0.25)"),
    (slope_for_nonlinearity, "«f(w, a=0, nonlinearity='prelu')»", "f(w, a=0.25)"),
    (prelu, "«f(w, nonlinearity='prelu')»", "f(w, a=0.25)"),
    (prelu, "«f(w, 0, 'fan_in', 'prelu')»", "f(w, 0.25, 'fan_in')"),
    (prelu, "«f(w, nonlinearity='prelu', mode='fan_in')»", "f(w, a=0.25, mode='fan_in')"),
    (gain_as_slope, "«f(w, math.sqrt(2))»", 'f(w, nonlinearity="relu")'),
    (gain_as_slope, "«f(w, a=gain)»", 'f(w, nonlinearity="relu")'),
    (gain_as_slope, "«kaiming_normal_(w, gain, 'fan_in')»", "kaiming_normal_(w, nonlinearity='relu', mode='fan_in')"),
    (gain_as_slope, "«f(w, a=gain, nonlinearity='tanh')»", "f(w, nonlinearity='relu')"),
    # an argument that goes
    (without_slope, "«f(w, a=0.2)»", "f(w)"),
    (without_slope, "«f(w, 0.2)»", "f(w)"),
    (without_slope, "«f(w, a=0.2,)»", "f(w,)"),
    (without_slope, "«f(w, a=0.2, mode='fan_in')»", "f(w, mode='fan_in')"),
    (without_slope, "«f(a=0.2, tensor=w)»", "f(tensor=w)"),
    (without_slope, "«f(a=0.2)»", "f()"),
    (without_slope, "«f(w)»", None),
    (without_slope, "«kaiming_normal_(w, 0.2, 'fan_out')»", "kaiming_normal_(w, mode='fan_out')"),
    (without_slope, "«kaiming_normal_(w, 0.2, *rest)»", None),
    (without_slope, "«f(w, 0.2, x)»", None),
    (without_slope, "«f(w, a=0.2,  # slope\n  mode=m)»", "f(w,  # slope\n  mode=m)"),
    (without_slope, "«f(w,\n  a=0.2,  # slope\n  mode=m)»", "f(w,\n  mode=m)"),
    (without_slope, "«f(\n    w,\n    a=0.2,\n    mode=m,\n)»", "f(\n    w,\n    mode=m,\n)"),
    (without_slope, "«f(\n    w,\n    mode=m,\n    a=0.2,\n)»", "f(\n    w,\n    mode=m,\n)"),
    (without_slope, "«f(\n    w,\n    mode=m,  # m\n    a=0.2\n)»", "f(\n    w,\n    mode=m  # m\n)"),
    (without_slope, "«f(\n    w,\n    a=0.2)»", "f(\n    w)"),
    (without_slope, "«f(w, # it\n  a=0.2, mode=m)»", "f(w, # it\n  mode=m)"),
    # names for values
    (name_std, "«nn.init.normal_(w, 0.02)»", "nn.init.normal_(w, std=0.02)"),
    (name_std, "«w.normal_(\n    x,\n    0.02  # std\n)»", "w.normal_(\n    x,\n    std=0.02  # std\n)"),
    (name_std, "«f(w, std)»", "f(w, std=std)"),
    (name_std, "«f(w, (0.02))»", "f(w, std=(0.02))"),
    (name_std, "«f(w, 0.02, 3)»", None),
    (name_std, "«f(w, *rest)»", None),
    (name_mode, "«f(w, 'fan_out')»", "f(w, mode='fan_out')"),
    (name_mode, "«f(w, 'fan_out', nonlinearity='relu')»", "f(w, mode='fan_out', nonlinearity='relu')"),
    (name_mode, "«f(w, 'fan_out', mode='fan_in')»", None),
    (name_both, "«f(w, 'fan_out', 'relu')»", "f(w, mode='fan_out', nonlinearity='relu')"),
    # all arguments, values in their places
    (instead("kaiming_normal_", "mode='fan_out'", "nonlinearity='relu'"),
     "«nn.init.kaiming_normal_(w, 0, 'fan_out', 'tanh')»", "nn.init.kaiming_normal_(w, 0, 'fan_out', 'relu')"),
    (instead("kaiming_uniform_", "mode='fan_out'", "nonlinearity='relu'"),
     "«nn.init.kaiming_normal_(w, 0.2, 'fan_out', 'tanh')»",
     "nn.init.kaiming_uniform_(w, mode='fan_out', nonlinearity='relu')"),
    (instead("kaiming_normal_", "a=0.1"), "«nn.init.kaiming_normal_(w, 0)»", "nn.init.kaiming_normal_(w, 0.1)"),
    (instead("kaiming_normal_", "a=0.1"), "«nn.init.kaiming_normal_(w, 0, 'fan_in')»", "nn.init.kaiming_normal_(w, 0.1)"),
    (instead("xavier_uniform_", "gain=4"), "«nn.init.xavier_normal_(w, 1)»", "nn.init.xavier_uniform_(w, 4)"),
    (instead("xavier_uniform_"), "«nn.init.xavier_normal_(w, gain)»", "nn.init.xavier_uniform_(w)"),
    # other names of functions
    (rename("xavier_normal_"), "«nn.init.xavier_normal(w)»", "nn.init.xavier_normal_(w)"),
    (rename("xavier_normal_"), "«torch.nn.init.xavier_normal(w, gain=2)»", "torch.nn.init.xavier_normal_(w, gain=2)"),
    (rename("xavier_normal_"), "«nn . init . xavier_normal (w)»", "nn . init . xavier_normal_ (w)"),
    (rename("xavier_normal_"), "(«nn\n .init\n .xavier_normal(w)»)", "(nn\n .init\n .xavier_normal_(w))"),
    (rename("xavier_normal_"), "«(nn.init.xavier_normal)(w)»", "(nn.init.xavier_normal_)(w)"),
    (rename("kaiming_normal_"), BARE + "«kaiming_normal(w)»", BARE + "kaiming_normal_(w)"),
    # other functions
    (instead("zeros_"), NN + "«nn.init.xavier_normal_(b)»", NN + "nn.init.zeros_(b)"),
    (instead("zeros_"), NN + "«nn.init.xavier_normal_(b, gain=2)»", NN + "nn.init.zeros_(b)"),
    (instead("zeros_"), NN + "«nn.init.xavier_normal_(  # b\n    b,\n    gain=2,\n)»", NN + "nn.init.zeros_(  # b\n    b,\n)"),
    (instead("zeros_"), NN + "«nn.init.normal_(tensor=b, std=2)»", NN + "nn.init.zeros_(tensor=b)"),
    (instead("constant_", "1"), NN + "«nn.init.normal_(b, std=2)»", NN + "nn.init.constant_(b, 1)"),
    (
        instead("kaiming_normal_", "mode='fan_out'", "nonlinearity='relu'"),
        NN + "«nn.init.xavier_normal_(w)»",
        NN + "nn.init.kaiming_normal_(w, mode=\"fan_out\", nonlinearity=\"relu\")",
    ),
    (
        instead("kaiming_normal_", "mode='fan_in'", "nonlinearity='relu'"),
        NN + "«nn.init.kaiming_uniform_(w, mode='fan_in', a=1)»",
        NN + "nn.init.kaiming_normal_(w, mode='fan_in', nonlinearity='relu')",
    ),
    (
        instead("kaiming_normal_", "nonlinearity='relu'"),
        NN + "«nn.init.kaiming_normal_(w, nonlinearity='tanh')»",
        NN + "nn.init.kaiming_normal_(w, nonlinearity='relu')",
    ),
    (
        instead("kaiming_normal_", "mode='fan_in'", "nonlinearity='relu'"),
        NN + 'x = "a", "b"\n«nn.init.kaiming_normal_(w, 0, mode=\'fan_in\')»',
        NN + 'x = "a", "b"\nnn.init.kaiming_normal_(w, nonlinearity="relu", mode=\'fan_in\')',
    ),
    # tensor methods
    (instead("zeros_"), NN + "«m.weight.data.zero_()»", NN + "nn.init.zeros_(m.weight)"),
    (instead("zeros_"), INIT + "«m.weight.data.zero_()»", INIT + "init.zeros_(m.weight)"),
    (instead("zeros_"), TORCH + "«m.weight.zero_()»", TORCH + "torch.nn.init.zeros_(m.weight)"),
    (instead("zeros_"), NN + "«m.weight.detach().fill_(0)»", NN + "nn.init.zeros_(m.weight)"),
    (instead("zeros_"), NN + "«m.weight.data.detach().data.fill_(0.0,)»", NN + "nn.init.zeros_(m.weight)"),
    (instead("zeros_"), NN + "«layers[0].bias.data.zero_()»", NN + "nn.init.zeros_(layers[0].bias)"),
    (instead("zeros_"), NN + "«(a + b).data.zero_()»", NN + "nn.init.zeros_((a + b))"),
    (instead("zeros_"), NN + "(«m\n .weight\n .data\n .zero_()»)", NN + "(nn.init.zeros_(m\n .weight))"),
    (instead("normal_", "std=0.02"), NN + "«w.data.normal_(0, 0.02)»", NN + "nn.init.normal_(w, std=0.02)"),
    (instead("normal_", "0", "0.02"), NN + "«w.data.normal_( 0, 0.02)»", NN + "nn.init.normal_(w, 0, 0.02)"),
    (
        instead("normal_", "0", "0.02"),
        NN + "«w.normal_(\n    0,  # mean\n    0.02,\n)»",
        NN + "nn.init.normal_(w,\n    0,  # mean\n    0.02,\n)",
    ),
    (
        instead("kaiming_normal_", "nonlinearity='relu'"),
        NN + "x = «w.data.normal_(0, 0.02)».mul_(2)",
        NN + 'x = nn.init.kaiming_normal_(w, nonlinearity="relu").mul_(2)',
    ),
    (instead("zeros_"), NN + "«w.zero_()»; y = 1", NN + "nn.init.zeros_(w); y = 1"),
    (instead("zeros_"), NN + "if x: «w.zero_()»", NN + "if x: nn.init.zeros_(w)"),
    (instead("zeros_"), NN + "a = [«p.zero_()» for p in q]", NN + "a = [nn.init.zeros_(p) for p in q]"),
    (instead("zeros_"), NN + "f'{«p.zero_()»}'", NN + "f'{nn.init.zeros_(p)}'"),
    (instead("zeros_"), NN + "@g(«p.zero_()»)\ndef h(): pass", NN + "@g(nn.init.zeros_(p))\ndef h(): pass"),
    (instead("zeros_"), NN + "é = «ü.zero_()»  # ß", NN + "é = nn.init.zeros_(ü)  # ß"),
]


@pytest.mark.parametrize(("change", "before", "after"), CASES)
def test_call(change: Callable[[Call], tuple[Change, ...]], before: str, after: str | None) -> None:
    marked = Marked(before)
    expected = None if after is None else after.replace("«", "").replace("»", "")
    assert marked.render(*change(marked.call())) == expected


WIDENED = [
    ("x = ««nn.Parameter(a)» * c»", "x = nn.Parameter(a * c)"),
    ("x = «c * «nn.Parameter(a)»»", "x = nn.Parameter(c * a)"),
    ("x = ««nn.Parameter(a + b)» * c»", "x = nn.Parameter((a + b) * c)"),
    ("x = ««nn.Parameter((a + b))» * c»", "x = nn.Parameter((a + b) * c)"),
    ("x = ««nn.Parameter(a + b, requires_grad=False)».float()»", "x = nn.Parameter((a + b).float(), requires_grad=False)"),
    ("x = ««nn.Parameter(data=a)».float()»", "x = nn.Parameter(data=a.float())"),
    ("x = ««nn.Parameter(\n    a\n)» / 2»  # two", "x = nn.Parameter(\n    a / 2\n)  # two"),
    ("x = «(1 + «nn.Parameter(a, False)»)[0]»", "x = nn.Parameter((1 + a)[0], False)"),
    ("x = ««nn.Parameter(*a)» * c»", None),
    ("x = ««nn.Parameter()» * c»", None),
]


@pytest.mark.parametrize(("before", "after"), WIDENED)
def test_a_call_is_put_around_the_expression_that_holds_it(before: str, after: str | None) -> None:
    marked = Marked(before)
    assert marked.render(WidenCall(marked.call(1), marked.spans[0])) == after


def test_a_call_in_another_file_is_not_for_this_one() -> None:
    marked = Marked("«f(w)»", "other.py")
    assert Marked("f(w)").render(SetArgument(marked.call(), "std", "1")) is None


def test_what_is_not_a_call_gets_no_edits() -> None:
    marked = Marked("«f»(w)\n«f(w)»")
    call = marked.call(1)
    moved = Call(call.function, marked.spans[0], call.function_span, call.arguments)
    assert marked.render(SetArgument(moved, "std", "1")) is None


def test_parameters_are_those_of_torch() -> None:
    for name, parameters in PARAMETERS.items():
        assert tuple(inspect.signature(getattr(torch.nn.init, name)).parameters) == parameters
