"""Missing initialisation: where a class gets it, and in which form."""

from __future__ import annotations

import pytest

from initlint.model.change import InitializeLayers
from tests.fix.marks import Marked, dedent

HE = ('{init}.kaiming_normal_({target}.weight, nonlinearity="relu")',)
HE_AND_ZEROS = (*HE, "{init}.zeros_({target}.bias)")

CASES = {
    "at the end of the constructor": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                self.act = "x"  # last

            def forward(self, x): ...
        ''',
        ("self.fc1",),
        HE_AND_ZEROS,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                self.act = "x"  # last
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
                nn.init.zeros_(self.fc1.bias)

            def forward(self, x): ...
        ''',
    ),
    "in the method that builds, where others call it": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = None

            def configure_model(self):
                if self.fc1 is None:
                    self.fc1 = nn.Linear(2, 3)
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = None

            def configure_model(self):
                if self.fc1 is None:
                    self.fc1 = nn.Linear(2, 3)
                    nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        ''',
    ),
    "in the constructor, where it calls what builds": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self):
                super().__init__()
                self.build()

            def build(self):
                self._layers()

            def _layers(self):
                self.fc1 = nn.Linear(2, 3)
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.build()
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

            def build(self):
                self._layers()

            def _layers(self):
                self.fc1 = nn.Linear(2, 3)
        ''',
    ),
    "before weights are loaded": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self, path=None):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                if path:
                    self.restore(path)
                self.act = nn.ReLU()

            def restore(self, path):
                self._restore(torch.load(path))

            def _restore(self, state):
                self.load_state_dict(state)
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, path=None):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
                if path:
                    self.restore(path)
                self.act = nn.ReLU()

            def restore(self, path):
                self._restore(torch.load(path))

            def _restore(self, state):
                self.load_state_dict(state)
        ''',
    ),
    "before the weights are used": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self, rate=None):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                if rate is not None:
                    self.fc1.weight.data.mul_(rate)
                self.act = nn.ReLU()
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, rate=None):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
                if rate is not None:
                    self.fc1.weight.data.mul_(rate)
                self.act = nn.ReLU()
        ''',
    ),
    "in front of a return": (
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = «nn.Linear(2, 3)»
                return
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(2, 3)
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
                return
        ''',
    ),
    "several layers in a loop": (
        '''
        from torch import nn
        class «Net»(nn.Module):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(2, 3))
        ''',
        ("self.net[0]", "self.net[2]"),
        HE_AND_ZEROS,
        '''
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(2, 3))
                for layer in (self.net[0], self.net[2]):
                    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                    nn.init.zeros_(layer.bias)
        ''',
    ),
    "a long loop has a line a layer": (
        '''
        from torch import nn
        class «Net»(nn.Module):
          def __init__(self, layer):
            super().__init__()
            self.first_projection = nn.Linear(2, 3)
            self.second_projection = nn.Linear(2, 3)
            self.third_projection = nn.Linear(2, 3)
        ''',
        ("self.first_projection", "self.second_projection", "self.third_projection"),
        HE,
        '''
        from torch import nn
        class Net(nn.Module):
          def __init__(self, layer):
            super().__init__()
            self.first_projection = nn.Linear(2, 3)
            self.second_projection = nn.Linear(2, 3)
            self.third_projection = nn.Linear(2, 3)
            for module in (
              self.first_projection,
              self.second_projection,
              self.third_projection,
            ):
              nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        ''',
    ),
    "in the method that initialises": (
        '''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self):
                super().__init__()
                self.fc1 = Linear(2, 3)
                self.fc2 = Linear(2, 3)
                self.reset()

            def reset(self):
                init.zeros_(self.fc2.weight)

            def forward(self, x): ...
        ''',
        ("self.fc1",),
        HE,
        '''
        from torch.nn import init
        class Net(Module):
            def __init__(self):
                super().__init__()
                self.fc1 = Linear(2, 3)
                self.fc2 = Linear(2, 3)
                self.reset()

            def reset(self):
                init.zeros_(self.fc2.weight)
                init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

            def forward(self, x): ...
        ''',
    ),
    "not in a method that builds": (
        '''
        import torch
        class «Net»(Module):
            def __init__(this):
                super().__init__()
                this.build()

            def build(this):
                this.fc1 = Linear(2, 3)
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch
        class Net(Module):
            def __init__(this):
                super().__init__()
                this.build()
                torch.nn.init.kaiming_normal_(this.fc1.weight, nonlinearity="relu")

            def build(this):
                this.fc1 = Linear(2, 3)
        ''',
    ),
    "not in a method called before the layer is there": (
        '''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self):
                self.reset()
                self.fc1 = Linear(2, 3)
            def reset(self):
                init.zeros_(self.fc2.weight)
        ''',
        ("self.fc1",),
        HE,
        '''
        from torch.nn import init
        class Net(Module):
            def __init__(self):
                self.reset()
                self.fc1 = Linear(2, 3)
                init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
            def reset(self):
                init.zeros_(self.fc2.weight)
        ''',
    ),
    "not in a function applied to every module": (
        '''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self):
                self.fc1 = Linear(2, 3)
                self.apply(self._init_weights)
            def _init_weights(self, m):
                init.zeros_(m.weight)
        ''',
        ("self.fc1",),
        HE,
        '''
        from torch.nn import init
        class Net(Module):
            def __init__(self):
                self.fc1 = Linear(2, 3)
                self.apply(self._init_weights)
                init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
            def _init_weights(self, m):
                init.zeros_(m.weight)
        ''',
    ),
    "in the branch that builds the layer": (
        '''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self, deep):
                self.fc1 = Linear(2, 3)
                if deep:
                    self.fc2 = Linear(3, 3)
                    self.fc3 = Linear(3, 3)
                else:
                    self.fc2 = None
        ''',
        ("self.fc1", "self.fc2", "self.fc3"),
        HE,
        '''
        from torch.nn import init
        class Net(Module):
            def __init__(self, deep):
                self.fc1 = Linear(2, 3)
                if deep:
                    self.fc2 = Linear(3, 3)
                    self.fc3 = Linear(3, 3)
                    for layer in (self.fc2, self.fc3):
                        init.kaiming_normal_(layer.weight, nonlinearity="relu")
                else:
                    self.fc2 = None
                init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        ''',
    ),
    "a with block is no branch": (
        '''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self):
                with device:
                    self.fc1: Module = Linear(2, 3)
                done()
        ''',
        ("self.fc1[0]",),
        HE,
        '''
        from torch.nn import init
        class Net(Module):
            def __init__(self):
                with device:
                    self.fc1: Module = Linear(2, 3)
                done()
                init.kaiming_normal_(self.fc1[0].weight, nonlinearity="relu")
        ''',
    ),
    "bare names are imported": (
        '''
        from torch.nn.init import zeros_
        class «Net»(Module):
            def __init__(self):
                self.fc1 = Linear(2, 3); zeros_(self.x)
        ''',
        ("self.fc1",),
        HE,
        '''
        from torch.nn.init import kaiming_normal_, zeros_
        class Net(Module):
            def __init__(self):
                self.fc1 = Linear(2, 3); zeros_(self.x); kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        ''',
    ),
    "inner classes are their own": (
        '''
        import torch.nn as nn
        class Outer(nn.Module):
            class Inner(nn.Module):
                def __init__(self):
                    self.fc1 = «nn.Linear(2, 3)»
            def __init__(self):
                self.inner = Inner()
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Outer(nn.Module):
            class Inner(nn.Module):
                def __init__(self):
                    self.fc1 = nn.Linear(2, 3)
                    nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
            def __init__(self):
                self.inner = Inner()
        ''',
    ),
    "after an early return the layers are not sure to exist": (
        '''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self, x):
                if x:
                    return
                self.fc1 = nn.Linear(2, 3)
        ''',
        ("self.fc1",),
        HE,
        '''
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, x):
                if x:
                    return
                self.fc1 = nn.Linear(2, 3)
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        ''',
    ),
    "in quotes of the file": (
        """
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self):
                self.fc1 = nn.Linear(2, 3)
                self.x = 'x'
        """,
        ("self.fc1",),
        HE,
        """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self):
                self.fc1 = nn.Linear(2, 3)
                self.x = 'x'
                nn.init.kaiming_normal_(self.fc1.weight, nonlinearity='relu')
        """,
    ),
}


@pytest.mark.parametrize(("before", "targets", "statements", "after"), CASES.values(), ids=CASES)
def test_insertion(before: str, targets: tuple[str, ...], statements: tuple[str, ...], after: str) -> None:
    marked = Marked(dedent(before))
    assert marked.render(InitializeLayers(marked.spans[0], targets, statements)) == dedent(after)


KINDS = {
    "built in a loop": (
        "self.net = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])",
        ("self.net[0]", "self.net[1]"),
        ("Linear",),
        ["for module in self.modules():", "    if isinstance(module, nn.Linear):",
         "        nn.init.ones_(module.weight)"],
    ),
    "built from a list": (
        "self.net = nn.Sequential(*module)",
        ("self.net[0]",),
        ("Conv2d", "Linear"),
        ["for m in self.modules():", "    if isinstance(m, (nn.Conv2d, nn.Linear)):", "        nn.init.ones_(m.weight)"],
    ),
    "more than two": (
        "self.a, self.b, self.c = nn.Linear(1, 1), nn.Linear(1, 1), nn.Linear(1, 1)",
        ("self.a", "self.b", "self.c"),
        ("Linear",),
        ["for module in self.modules():", "    if isinstance(module, nn.Linear):",
         "        nn.init.ones_(module.weight)"],
    ),
    "two by name": (
        "self.a, self.b = nn.Linear(1, 1), nn.Linear(1, 1)",
        ("self.a", "self.b"),
        ("Linear",),
        ["for layer in (self.a, self.b):", "    nn.init.ones_(layer.weight)"],
    ),
}


@pytest.mark.parametrize(("built", "targets", "kinds", "lines"), KINDS.values(), ids=KINDS)
def test_a_loop_over_modules(built: str, targets: tuple[str, ...], kinds: tuple[str, ...], lines: list[str]) -> None:
    before = f"import torch.nn as nn\nclass «A»:\n    def __init__(self):\n        {built}\n"
    marked = Marked(before)
    change = InitializeLayers(marked.spans[0], targets, ("{init}.ones_({target}.weight)",), kinds)
    assert marked.render(change) == marked.source.text + "".join(f"        {line}\n" for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "class «Net»(Module):\n    fc1 = Linear(2, 3)\n",
        "«net» = Linear(2, 3)\n",
        "class «Net»(Module):\n    def __init__(self):\n        return\n",
        "class «Net»(Module):\n    def __init__(self, fc1):\n        super().__init__()\n        self.fc1 = fc1\n",
        "class «Net»(Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.load_state_dict({})\n        self.fc1 = Linear(2, 3)\n",
        "class «Net»(Module):\n    def __init__(self, n):\n        self.fc1 = Linear(2, 3)\n"
        "        for i in range(n):\n            self.fc1.append(i)\n",
        "class «Net»(Module):\n    @staticmethod\n    def __init__():\n        pass\n",
    ],
)
def test_a_class_without_a_place_gets_none(text: str) -> None:
    marked = Marked("import torch\n" + text)
    assert marked.render(InitializeLayers(marked.spans[0], ("self.fc1",), HE)) is None


BUILT_ELSEWHERE = '''
import torch.nn as nn


def stack():
    return nn.Sequential(«nn.Linear(2, 2)», nn.ReLU())


class Net(nn.Module):
    def __init__(self):
        self.net = stack()


class Other(nn.Module):
    def __init__(self):
        self.net = Net()
'''


def test_layers_of_an_unknown_number_are_reached_by_a_loop() -> None:
    """Not by the two indices that stand for them."""
    marked = Marked(dedent('''
        import torch.nn as nn
        class «Net»(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.layers = nn.ModuleList([])
                for _ in range(n):
                    self.layers.append(nn.Linear(2, 2))
        '''))
    targets = ("self.layers[0]", "self.layers[1]")
    change = InitializeLayers(marked.spans[0], targets, HE, ("Linear",), ("self.layers", "self"))
    assert marked.render(change) == marked.source.text + LOOPED.format("        ", "self.layers").replace(
        "nn.init.ones_(module.weight)", 'nn.init.kaiming_normal_(module.weight, nonlinearity="relu")'
    )


def test_layers_that_a_function_builds_are_initialised_by_their_owner() -> None:
    marked = Marked(BUILT_ELSEWHERE)
    targets = ("self.net[0]", "self.net[2]", "self.net[4]")
    change = InitializeLayers(marked.spans[0], targets, HE, ("Linear",), ("self.net",), "Net")
    rendered = marked.render(change)
    assert rendered == marked.source.text.replace("stack()\n\n\nclass Other", '''stack()
        for module in self.net.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


class Other''')
    assert marked.render(InitializeLayers(marked.spans[0], ("self.net[0]",), HE, (), ("self",), "Gone")) is None


def test_layers_of_a_base_class_are_initialised_by_it() -> None:
    text = '''
import torch.nn as nn
class Base(nn.Module):
    def __init__(self):
        self.fc = «nn.Linear(2, 2)»
class Net(Base):
    def __init__(self):
        super().__init__()
'''
    marked = Marked(text)
    rendered = marked.render(InitializeLayers(marked.spans[0], ("self.fc",), HE, name="Net"))
    assert rendered == marked.source.text.replace(
        "(2, 2)\n", '(2, 2)\n        nn.init.kaiming_normal_(self.fc.weight, nonlinearity="relu")\n'
    )


NET = '''
import torch.nn as nn
{above}
class Net(nn.Module):
    def __init__(self):
        self.net = nn.Sequential(*(«nn.Linear(2, 2)» for _ in range(3)))
        {call}
{method}
'''
CHAINS = {
    "a method that is applied": (
        "", "self.apply(self._init)",
        "    def _init(self, m):\n        if isinstance(m, nn.Conv2d):\n            nn.init.zeros_(m.bias)\n",
        "            nn.init.zeros_(m.bias)\n"
        "        elif isinstance(m, nn.Linear):\n            nn.init.ones_(m.weight)\n",
    ),
    "an arm for the kind": (
        "", "self.apply(self._init)",
        '    def _init(self, m):\n        """Zeros."""\n        if isinstance(m, nn.Conv2d):\n            pass\n'
        "        elif isinstance(m, nn.Linear):\n            nn.init.zeros_(m.bias)\n        else:\n            pass\n",
        "            nn.init.zeros_(m.bias)\n            nn.init.ones_(m.weight)\n        else:\n            pass\n",
    ),
    "a function that is applied": (
        "def init_weights(m):\n    if isinstance(m, (nn.Conv2d, nn.Conv1d)):\n        nn.init.zeros_(m.bias)\n",
        "self.apply(init_weights)", "",
        "        nn.init.zeros_(m.bias)\n    elif isinstance(m, nn.Linear):\n        nn.init.ones_(m.weight)\n",
    ),
    "a loop in the constructor": (
        "", "for name, m in self.named_modules():\n            if isinstance(m, nn.Conv2d):\n                f(m)", "",
        "                f(m)\n            elif isinstance(m, nn.Linear):\n                nn.init.ones_(m.weight)\n",
    ),
    "a loop in a method": (
        "", "self.reset()",
        "    def reset(self):\n        for m in self.modules():\n            if isinstance(m, nn.Conv2d):\n"
        "                nn.init.zeros_(m.bias)\n",
        "                nn.init.zeros_(m.bias)\n"
        "            elif isinstance(m, nn.Linear):\n                nn.init.ones_(m.weight)\n",
    ),
}
NO_CHAINS = {
    "the test asks for more": ("self.apply(self._init)", "if isinstance(m, nn.Linear) and m.bias is not None:"),
    "a base class": ("self.apply(self._init)", "if isinstance(m, nn.Module):"),
    "both kinds in one arm": ("self.apply(self._init)", "if isinstance(m, (nn.Linear, nn.Conv2d)):"),
    "another object": ("self.net.apply(self._init)", "if isinstance(m, nn.Conv2d):"),
    "not applied": ("self._init(self.net)", "if isinstance(m, nn.Conv2d):"),
}
LOOP = "for module in self.net.modules():\n            if isinstance(module, nn.Linear):\n"


def chained(above: str, call: str, method: str) -> tuple[str, str | None]:
    marked = Marked(NET.format(above=above, call=call, method=method))
    wholes = ("self.net", "self")
    change = InitializeLayers(marked.spans[0], ("self.net[0]",), ("{init}.ones_({target}.weight)",), ("Linear",), wholes)
    return marked.source.text, marked.render(change)


@pytest.mark.parametrize(("above", "call", "method", "wanted"), CHAINS.values(), ids=CHAINS)
def test_code_that_runs_over_all_modules_gets_an_arm(above: str, call: str, method: str, wanted: str) -> None:
    before, after = chained(above, call, method)
    assert after is not None
    assert wanted in after
    assert LOOP not in after
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(added) == wanted.count("Linear") + 1 or added == ["            nn.init.ones_(m.weight)"]


@pytest.mark.parametrize(("call", "test"), NO_CHAINS.values(), ids=NO_CHAINS)
def test_other_code_gets_none(call: str, test: str) -> None:
    method = f"    def _init(self, m):\n        {test}\n            nn.init.zeros_(m.bias)\n"
    _, after = chained("", call, method)
    assert after is not None
    assert LOOP in after


def test_a_function_that_others_use_stays() -> None:
    above = "def init_weights(m):\n    if isinstance(m, nn.Conv2d):\n        f(m)\nother.apply(init_weights)\n"
    _, after = chained(above, "self.apply(init_weights)", "")
    assert after is not None
    assert LOOP in after


def test_of_two_places_that_end_together_the_inner_comes_first() -> None:
    marked = Marked(dedent('''
        from torch.nn import init
        class «Net»(Module):
            def __init__(self, deep):
                self.fc1 = Linear(2, 3)
                if deep:
                    self.fc2 = Linear(3, 3)
        '''))
    assert marked.render(InitializeLayers(marked.spans[0], ("self.fc1", "self.fc2"), HE)) == marked.source.text + (
        '            init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")\n'
        '        init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")\n'
    )


def test_one_or_two_layers_of_another_receiver_are_named() -> None:
    """What a constructor calls its object does not hide what it builds."""
    text = "import torch.nn as nn\nclass «A»:\n    def __init__(this):\n        this.a = nn.Linear(1, 1)\n"
    marked = Marked(text)
    change = InitializeLayers(marked.spans[0], ("self.a",), ("{init}.ones_({target}.weight)",), ("Linear",))
    assert marked.render(change) == marked.source.text + "        nn.init.ones_(this.a.weight)\n"


def test_a_method_that_only_freezes_is_not_one_that_initialises() -> None:
    text = dedent('''
        import torch.nn as nn
        class «A»:
            def __init__(self):
                self.a = nn.Linear(1, 1)
                self.freeze()

            def freeze(self):
                self.a.requires_grad_(False)
        ''')
    marked = Marked(text)
    change = InitializeLayers(marked.spans[0], ("self.a",), ("{init}.ones_({target}.weight)",))
    assert marked.render(change) == marked.source.text.replace(
        "self.freeze()\n", "self.freeze()\n        nn.init.ones_(self.a.weight)\n"
    )


WRITTEN = '''
from torch import nn
def init(m):
    «nn.init.zeros_(m.weight)»
class Net(nn.Module):
    def __init__(self, deep):
        if deep:
            self.a = nn.Linear(2, 2)
        self.b = «nn.Linear(2, 2)»
        self.reset()
        «self.apply(init)»
    def reset(self):
        nn.init.ones_(self.b.weight)
class Other(Net):
    def __init__(self):
        super().__init__(True)
        self.c = «nn.Linear(2, 2)»
'''


def test_weights_that_are_written_already_are_written_behind_that() -> None:
    """Not in the method that initialises, which runs before."""
    marked = Marked(WRITTEN)
    call, site, applied, _ = marked.spans
    change = InitializeLayers(site, ("self.b",), ("{init}.ones_({target}.weight)",), after=(applied, call))
    assert marked.render(change) == marked.source.text.replace(
        "self.apply(init)\n", "self.apply(init)\n        nn.init.ones_(self.b.weight)\n"
    )


def test_weights_that_are_written_later_or_elsewhere_are_left_alone() -> None:
    marked = Marked(WRITTEN)
    call, site, applied, other = marked.spans
    for owner, target, after in ((site, "self.a", (applied, call)), (site, "self.b", (call,)), (other, "self.c", (applied,))):
        change = InitializeLayers(owner, (target,), ("{init}.ones_({target}.weight)",), after=after)
        assert marked.render(change) is None


BRANCHED = '''
from torch import nn
class Net(nn.Module):
    def __init__(self, deep):
        if deep:
            self.net = nn.Sequential(*[«nn.Linear(2, 2)» for _ in range(9)])
        else:
            self.net = None
'''
LOOPED = '''\
{0}for module in {1}.modules():
{0}    if isinstance(module, nn.Linear):
{0}        nn.init.ones_(module.weight)
'''


def test_a_loop_stands_where_what_it_goes_through_is_built() -> None:
    marked = Marked(BRANCHED)
    change = InitializeLayers(
        marked.spans[0], ("self.net[0]",), ("{init}.ones_({target}.weight)",), ("Linear",), ("self.net", "self")
    )
    before, built, after = marked.source.text.partition("range(9)])\n")
    assert marked.render(change) == before + built + LOOPED.format("            ", "self.net") + after


@pytest.mark.parametrize("whole", [True, False])
def test_a_loop_over_what_one_of_two_branches_builds(whole: bool) -> None:
    marked = Marked(BRANCHED.replace("None", "nn.Sequential(*[nn.Linear(2, 2)])"))
    change = InitializeLayers(
        marked.spans[0], ("self.net[0]", "self.other[0]"), ("{init}.ones_({target}.weight)",), ("Linear",),
        ("self.net", "self") if whole else ("self.net",),
    )
    text = marked.source.text.replace("        else:", "        else:\n            self.other = nn.Sequential(*x)")
    marked = Marked(text.replace("nn.Linear(2, 2) for", "«nn.Linear(2, 2)» for"))
    wanted = marked.source.text + LOOPED.format("        ", "self")
    assert marked.render(change) == (wanted if whole else None)
