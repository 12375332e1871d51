"""Small models written at random, traced from their text and run for real: whatever is stated as known must be so."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn as nn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from initlint.config.settings import Settings
from initlint.lint import lint
from initlint.model.report import LayerRow
from initlint.syntax.source import Source, from_text
from tests.trace.live import Seen, observe, stars

PROGRAMS = int(os.environ.get("INITLINT_PROGRAMS", 40))
"""How many are written. The usual ones are always the same; with another number they are new each time."""
WIDTH = 24
HEADER = """
import math
from collections import OrderedDict
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F

ACTS = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "leaky": partial(nn.LeakyReLU, 0.2)}
WIDTH = 24


def act_of(name, **kwargs):
    return ACTS[name](**kwargs)
"""
_pick = st.sampled_from
MODULES = ["nn.ReLU()", "nn.GELU()", "nn.Tanh()", "nn.SiLU()", "nn.LeakyReLU(0.1)", "act_of('relu')", "ACTS['tanh']()",
           "getattr(nn, 'ELU')()", "nn.Sigmoid()", "nn.Hardswish()", "ACTS[act]()"]  # fmt: skip
CALLS = ["F.relu({})", "torch.tanh({})", "F.leaky_relu({}, 0.2)", "{}.sigmoid()", "F.gelu({}, approximate='tanh')",
         "getattr(F, 'silu')({})", "F.softplus({})", "torch.relu({})"]  # fmt: skip
PASSES = ["{} * 0.5", "F.dropout({}, 0.1, self.training)", "{}.clone()", "{} + 1.0", "{} / math.sqrt(2.0)", "2 * {}",
          "F.layer_norm({}, {}.shape[1:])", "{}.contiguous()", "{}.to({}.dtype)"]  # fmt: skip


@st.composite
def draws(draw: st.DrawFn, weight: str) -> str:
    """A statement that draws a weight."""
    return draw(_pick([
        f"nn.init.kaiming_normal_({weight}, mode='fan_out', nonlinearity='relu')",
        f"nn.init.kaiming_uniform_({weight}, a=0.2)",
        f"nn.init.xavier_uniform_({weight}, gain=nn.init.calculate_gain('tanh'))",
        f"nn.init.xavier_normal_({weight})",
        f"nn.init.normal_({weight}, std=0.02)",
        f"nn.init.trunc_normal_({weight}, std=0.1)",
        f"nn.init.orthogonal_({weight}, gain=math.sqrt(2))",
        f"nn.init.normal_({weight}, 0.0, math.sqrt(2.0 / {weight}.shape[0]))",
        f"{weight}.data.normal_(0, 1 / math.sqrt({weight}[0].numel()))",
        f"{weight}.data.uniform_(-0.3, 0.3)",
        f"nn.init.xavier_normal_({weight}); {weight}.data.mul_(0.5)",
    ]))  # fmt: skip


@st.composite
def walks(draw: st.DrawFn) -> list[str]:
    """Statements of a constructor that initialise what is below; `fill` is a function, `self._fill` a method."""
    kind = draw(st.integers(0, 8))
    layer = draw(_pick(["nn.Linear", "LAYER", "(nn.Linear, nn.Conv2d)"]))
    if kind == 0:
        return []
    if kind == 1:
        return [f"self.apply({draw(_pick(['fill', 'self._fill']))})"]
    if kind == 2:
        inner = [draw(draws("m.weight"))]
        inner += draw(_pick([[], ["if m.bias is not None:", "    nn.init.zeros_(m.bias)"]]))
        return ["for m in self.modules():", f"    if isinstance(m, {layer}):", *_indent(inner, 2)]
    if kind == 3:
        return ["for p in self.parameters():", "    if p.dim() > 1:", f"        {draw(draws('p'))}"]
    if kind == 4:
        name = draw(_pick(["head", "stem", "body"]))
        return [
            "for name, p in self.named_parameters():",
            f"    if '{name}' in name and name.endswith('weight') and p.ndim > 1:",
            f"        {draw(draws('p'))}",
            "    elif p.ndim == 1 and name.endswith('.bias'):",
            "        p.data.zero_()",
        ]
    if kind == 5:
        return ["self.apply(partial(fill, scale=2.0))", draw(draws("self.head.weight"))]
    if kind == 6:
        return [draw(draws("self.stem.weight")), "nn.init.zeros_(self.head.bias)"]
    if kind == 7:
        return [
            "for name, m in self.named_modules():",
            f"    if isinstance(m, {layer}) and name != 'head':",
            f"        {draw(draws('m.weight'))}",
        ]
    return ["for m in self.children():", f"    if isinstance(m, {layer}):", f"        {draw(draws('m.weight'))}"]


def _indent(lines: list[str], depth: int) -> list[str]:
    return ["    " * depth + line for line in lines]


class Writer:
    """Writes the parts of one program; `conv` says which kind of layer it is made of."""

    def __init__(self, draw: st.DrawFn, conv: bool) -> None:
        self.draw = draw
        self.conv = conv

    def layer(self, width: str = "width", out: str | None = None) -> str:
        extra = self.draw(_pick(["", ", bias=False"]))
        if self.conv:
            return f"nn.Conv2d({width}, {out or width}, {self.draw(_pick(['1', '3, padding=1']))}{extra})"
        return f"nn.Linear({width}, {out or width}{extra})"

    def norm(self) -> str:
        return "nn.BatchNorm2d(width)" if self.conv else self.draw(_pick(["nn.LayerNorm(width)", "nn.BatchNorm1d(width)"]))

    def act(self) -> str:
        return self.draw(_pick(MODULES))

    def apply(self, value: str, options: list[str]) -> str:
        text = self.draw(_pick(options))
        return text.format(value, value)

    def steps(self, name: str) -> list[str]:
        """Statements of a forward that send `x` through one layer and something behind it."""
        made = [f"x = self.{name}(x)"]
        for _ in range(self.draw(st.integers(0, 2))):
            made.append(f"x = {self.apply('x', self.draw(_pick([CALLS, PASSES])))}")
        return made

    def block(self, name: str, parents: list[str]) -> list[str]:
        """One class of blocks: (constructor, forward) in one of several styles."""
        kind = self.draw(st.integers(0, 8 if parents else 7))
        init: list[str] = []
        forward: list[str] = []
        methods: list[str] = []
        if kind == 0:
            init = [f"self.fc1 = {self.layer()}", f"self.act = {self.act()}", f"self.fc2 = {self.layer()}"]
            forward = ["h = self.act(self.fc1(x))", "h = self.fc2(h)"]
            forward += [self.draw(_pick(["return h", "return x + h", f"return {self.apply('(x + h)', CALLS)}"]))]
        elif kind == 1:
            init = ["layers = []", f"for i in range({self.draw(_pick(['1', '2', 'depth']))}):",
                    f"    layers.append({self.layer()})"]  # fmt: skip
            init += self.draw(_pick([[], ["    if i > 0:", f"        layers.append({self.norm()})"]]))
            init += [f"    layers += [{self.act()}]", "self.net = nn.Sequential(*layers)"]
            forward = [self.draw(_pick(["return self.net(x)", "return x + self.net(x)"]))]
        elif kind == 2:
            init = [f"self.layers = nn.ModuleList([{self.layer()} for _ in range(depth)])", f"self.act = {self.act()}"]
            last = self.draw(_pick(["", "if i < len(self.layers) - 1:"]))
            forward = ["for i, layer in enumerate(self.layers):", "    x = layer(x)"]
            forward += [f"    {last}", "        x = self.act(x)"] if last else ["    x = self.act(x)"]
            forward += ["return x"]
        elif kind == 3:
            init = [f"self.fc = {self.layer()}", f"self.out = {self.layer()}"]
            methods = ["def _hidden(self, x):", *_indent([*self.steps("fc"), "return x"], 1)]
            forward = ["x = self._hidden(x)", *self.steps("out"), "return x"]
        elif kind == 4:
            init = [f"self.norm = {self.norm()} if normed else nn.Identity()", f"self.fc = {self.layer()}",
                    f"self.act = {self.act()}"]  # fmt: skip
            forward = [self.draw(_pick(["return self.act(self.norm(self.fc(x)))", "return self.fc(self.act(self.norm(x)))",
                                        "return x + self.act(self.fc(self.norm(x)))"]))]  # fmt: skip
        elif kind == 5:
            init = ["self.net = nn.Sequential(OrderedDict([",
                    f"    ('fc', {self.layer()}),",
                    f"    ('act', {self.act()}),",
                    f"    ('out', {self.layer()}),",
                    "]))"]  # fmt: skip
            forward = [self.draw(_pick(["return self.net(x)", "return self.net.out(self.net.act(self.net.fc(x)))",
                                        "for module in self.net:", "for name, module in self.net.named_children():"]))]  # fmt: skip
            forward += ["    x = module(x)", "return x"] if forward[0].startswith("for") else []
        elif kind == 6:
            init = ["for i in range(depth):", f"    setattr(self, f'fc{{i}}', {self.layer()})", "self.depth = depth"]
            forward = ["for i in range(self.depth):", "    x = getattr(self, f'fc{i}')(x)",
                       f"    x = {self.apply('x', CALLS)}", "return x"]  # fmt: skip
        elif kind == 7:
            init = [f"self.gate = {self.layer()}", f"self.value = {self.layer()}", f"self.act = {self.act()}"]
            forward = self.draw(_pick([
                ["a, b = self.value(x), self.gate(x)", "return self.act(a) + self.act(b)"],
                ["y = torch.cat([self.value(x), self.gate(x)], dim=1)", "return self.act(y).chunk(2, dim=1)[0]"],
                ["if self.act is None:", "    return x", "return self.act(self.gate(self.act(self.value(x))))"],
            ]))  # fmt: skip
        if kind == 8:
            parent = self.draw(_pick(parents))
            init = [self.draw(_pick([f"self.extra = {self.layer()}", f"self.act = {self.act()}", "pass"]))]
            forward = ["x = super().forward(x)", *(self.steps("extra") if "extra" in init[0] else []), "return x"]
            head = [f"class {name}({parent}):", "    def __init__(self, width, act='relu', **kwargs):",
                    "        super().__init__(width, act=act, **kwargs)", *_indent(init, 2)]  # fmt: skip
        else:
            if self.draw(st.booleans()) and kind in (0, 3, 4):
                attribute = "fc1" if kind == 0 else "fc"
                init.append(self.draw(draws(f"self.{attribute}.weight")))
            head = [f"class {name}(nn.Module):", "    def __init__(self, width, act='relu', depth=2, normed=True):",
                    "        super().__init__()", *_indent(init, 2)]  # fmt: skip
        body = ["", "    def forward(self, x):", *_indent(forward, 2)]
        return [*head, *([""] if methods else []), *_indent(methods, 1), *body, "", ""]


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, bool]:
    """A program whose `build()` makes a model; whether it wants images."""
    conv = draw(st.booleans())
    writer = Writer(draw, conv)
    names = [f"Block{letter}" for letter in "ABC"[: draw(st.integers(1, 3))]]
    lines: list[str] = [f"LAYER = {'nn.Conv2d' if conv else 'nn.Linear'}", "", ""]
    lines += ["def fill(m, scale=1.0):", "    if isinstance(m, LAYER):", f"        {draw(draws('m.weight'))}"]
    lines += draw(_pick([[], ["        if scale != 1.0:", "            m.weight.data.mul_(scale)"]]))
    lines += draw(_pick([[], ["        if m.bias is not None:", "            m.bias.data.fill_(0)"]]))
    lines += ["", ""]
    for at, name in enumerate(names):
        lines += writer.block(name, names[:at])
    uses = []
    for name in [*names, *draw(st.lists(_pick(names), max_size=1))]:
        given_ = draw(st.lists(_pick(["act='gelu'", "depth=1", "depth=3", "normed=False"]), max_size=2, unique_by=lambda t: t[:3]))
        uses.append(f"{name}({', '.join(['width', *given_])})")
    lines += ["class Net(nn.Module):", "    def __init__(self, width=WIDTH, out=8, act='tanh'):", "        super().__init__()"]
    lines += [f"        self.stem = {writer.layer('3' if conv else '16', 'width')}"]
    lines += draw(_pick([
        ["        self.body = nn.Sequential(", *(f"            {use}," for use in uses), "        )"],
        ["        blocks = []", *(f"        blocks.append({use})" for use in uses),
         "        self.body = nn.Sequential(*blocks)"],
        ["        self.body = nn.Sequential()",
         *(f"        self.body.add_module('b{at}', {use})" for at, use in enumerate(uses))],
    ]))  # fmt: skip
    lines += [f"        self.act = {writer.act()}", "        self.head = nn.Linear(width, out)"]
    lines += _indent(draw(walks()), 2)
    lines += ["", "    def _fill(self, m):", "        if isinstance(m, nn.Linear):", f"            {draw(draws('m.weight'))}"]
    lines += ["        elif isinstance(m, nn.Conv2d):", f"            {draw(draws('m.weight'))}"]
    lines += ["", "    def features(self, x):", *_indent(writer.steps("stem"), 2)]
    lines += ["        return self.body(x)", "", "    def forward(self, x):", "        x = self.features(x)"]
    lines += draw(_pick([[], ["        x = self.act(x)"]]))
    lines += ["        x = x.mean((2, 3))"] if conv else []
    lines += [draw(_pick(["        return self.head(x)", "        return F.softmax(self.head(x), dim=-1)"])), "", ""]
    options = draw(_pick(["", "act='gelu'", "out=16"]))
    lines += ["def build():", f"    model = Net({options})"]
    lines += draw(_pick([[], ["    model.apply(fill)"], ["    nn.init.zeros_(model.head.bias)"], [f"    {draw(draws('model.head.weight'))}"]]))
    return HEADER + "\n\n" + "\n".join([*lines, "    return model", ""]), conv


def test_what_is_stated_is_so() -> None:
    """Nothing that is stated is wrong, and as the programs hold nothing that could not be known, most is stated."""
    tally: Counter[str] = Counter()

    @settings(
        max_examples=PROGRAMS, derandomize=PROGRAMS == 40, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(programs())
    def each(program: tuple[str, bool]) -> None:
        tally.update(_checked(*program))

    each()
    assert tally["layers"] > 100
    assert tally["activations"] >= 0.97 * tally["layers"]
    assert tally["inits"] >= 0.97 * tally["layers"]
    assert tally["gains"] >= 0.92 * tally["layers"]      # not that of a written std, where it is seen in one size


def _checked(text: str, conv: bool) -> Counter[str]:
    """How much was stated about the layers of a program. Raises AssertionError where some of it is not so."""
    names: dict[str, Any] = {"__name__": "net"}
    exec(compile(text, "net.py", "exec"), names)

    def build() -> nn.Module:
        model = names["build"]()
        assert isinstance(model, nn.Module)
        return model.eval()

    source = from_text(text, "net.py")
    assert isinstance(source, Source)
    groups: dict[tuple[str, str], list[LayerRow]] = {}
    for row in lint([source], Settings()).layers:
        if row.kind in ("Linear", "Conv2d") and "build()" in row.roots:
            groups.setdefault((row.owner, stars(row.path)), []).append(row)
    live = observe(build, torch.randn(4, 3, 8, 8) if conv else torch.randn(4, 16))
    assert set(groups) == set(live), text
    tally: Counter[str] = Counter()
    for key, seen in live.items():
        tally.update(_compared(groups[key], seen, f"{key}\n{text}"))
    return tally


def _compared(rows: list[LayerRow], seen: Seen, where: str) -> Iterator[str]:
    """What is stated about one attribute."""
    yield "layers"
    if all(row.activation_complete for row in rows):
        yield "activations"
        said = {activation.name for row in rows for activation in row.activations}
        assert seen.run, where
        assert said == seen.activations, f"{said} but {seen.activations}: {where}"
    if all(row.init_complete for row in rows):
        yield "inits"
        functions = {init.function for row in rows for init in row.inits}
        assert functions == seen.functions, f"{functions} but {seen.functions}: {where}"
    gains = [init.gain for row in rows for init in row.inits if init.gain is not None]
    if len(gains) == sum(len(row.inits) for row in rows):
        yield "gains"
        for measured, error in seen.gains:
            close = any(math.isclose(gain, measured, rel_tol=0.01, abs_tol=error) for gain in gains)
            assert close, f"gains {gains} but {measured}: {where}"
    for row in rows:
        assert row.bias not in ("none", "zero") or row.bias in seen.biases, f"{row.bias} but {seen.biases}: {where}"
