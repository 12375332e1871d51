"""Classes that initialise nothing yet get their method the way the other classes of the file have theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from initlint.model.change import InitializeLayers
from tests.fix.marks import Marked, dedent

ONES = ("{init}.ones_({target}.weight)",)

APPLIED = '''
class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Conv2d):
            nn.init.zeros_(m.weight)
'''
CALLED = '''
class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.zeros_(self.conv.weight)
'''
FUNCTION = '''
def init_weights(module):
    if isinstance(module, nn.Conv2d):
        nn.init.zeros_(module.weight)


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        self.apply(init_weights)
'''
INLINE = '''
class Inline(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        nn.init.zeros_(self.conv.weight)
'''
NET = '''
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*[«nn.Linear(2, 2)» for _ in range(3)])

    def forward(self, x):
        return self.net(x)
'''
LOOP = '''
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.ones_(module.weight)
'''


def rendered(other: str, net: str = NET, head: str = "import torch.nn as nn\n") -> tuple[str, str]:
    """The text of a file, and what it is once the Linear layers of its class have got their ones."""
    marked = Marked(head + other + net)
    spans = marked.spans
    changes = [InitializeLayers(span, ("self.net[0]",), ONES, ("Linear",)) for span in spans]
    after = marked.render(*changes)
    assert after is not None
    return marked.source.text, after


STYLES = {
    "a method that is applied": (APPLIED, '''
        self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
'''),
    "a method that is called": (CALLED, '''
        self.reset_parameters()

    def reset_parameters(self):
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.ones_(module.weight)
'''),
    "a function that is applied": (FUNCTION, '''
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.ones_(module.weight)
'''),
    "most of them": (APPLIED.replace("Other", "A") + CALLED + CALLED.replace("Other", "B"), '''
        self.reset_parameters()

    def reset_parameters(self):
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.ones_(module.weight)
'''),
    "none where layers are built, too": (CALLED.replace("(self.conv.weight)", "(self.conv.weight)\n        self.x = 1"), LOOP),
    "none where nothing is initialised": (CALLED.replace("nn.init.zeros_(self.conv.weight)", "self.requires_grad_(False)"),
                                          LOOP),
    "none where it is told what to do": (APPLIED.replace("m: nn.Module", "m: nn.Module, std=1"), LOOP),
    "none in a static method": (APPLIED.replace("    def _init", "    @staticmethod\n    def _init"), LOOP),
    "none where another object is initialised": (APPLIED.replace("self.apply", "self.conv.apply"), LOOP),
    "none where more do it at once": (APPLIED + INLINE.replace("Inline", "A") + INLINE.replace("Inline", "B"), LOOP),
    "none": ("", LOOP),
}


@pytest.mark.parametrize(("other", "added"), STYLES.values(), ids=STYLES)
def test_the_style_of_the_file(other: str, added: str) -> None:
    before, after = rendered(other)
    assert after == before.replace("range(3)])\n", f"range(3)]){added}")


CLASSES = {
    "it has such a method": NET + "\n    def _init_weights(self):\n        pass\n",
    "it calls another": NET.replace("range(3)])\n", "range(3)])\n        self.apply(f)\n"),
    "it initialises in its constructor": NET.replace("range(3)])\n", "range(3)])\n        nn.init.zeros_(self.net)\n"),
    "a base that is not known": NET.replace("nn.Module", "Base"),
    "a base that has one": "class Base(nn.Module):\n    def _init_weights(self): ...\n\n" + NET.replace("nn.Module", "Base"),
    "a derived class that has one": NET + "\n\nclass Derived(Net):\n    def _init_weights(self): ...\n",
    "two bases of one name": "class Base(nn.Module): ...\nclass Base(nn.Module): ...\n" + NET.replace("nn.Module", "Base"),
    "a decorated constructor": NET.replace("    def __init__", "    @torch.no_grad()\n    def __init__"),
}


@pytest.mark.parametrize("net", CLASSES.values(), ids=CLASSES)
def test_a_class_that_cannot_follow_it(net: str) -> None:
    before, after = rendered(APPLIED, net)
    last = "(self.net)" if "zeros_(self.net)" in net else "(f)" if "apply(f)" in net else "range(3)])"
    assert after == before.replace(f"{last}\n", last + LOOP)


def test_a_base_of_the_file_that_knows_nothing_of_it() -> None:
    base = "\nclass Base(nn.Sequential):\n    pass\n\n"
    _, after = rendered(APPLIED, base + NET.replace("nn.Module", "Base"))
    assert after.count("self.apply(self._init_weights)") == 2


def test_names_are_spelled_where_the_method_stands() -> None:
    """What the constructor imports for itself is not there in another method."""
    net = NET.replace("super()", "from torch.nn.init import ones_\n        super()")
    _, after = rendered(APPLIED, net)
    assert after.count("nn.init.ones_(m.weight)") == 1


@pytest.mark.parametrize(
    ("annotation", "head", "kept"),
    [
        ("m: nn.Module", "import torch.nn as nn\n", "m: nn.Module"),
        ("m: 'nn.Module'", "import torch.nn as nn\n", "m: 'nn.Module'"),
        ("m: Here", "import torch.nn as nn\n", "m"),
        ("m: nn.Module", "from torch import nn\n", "m: nn.Module"),
    ],
)
def test_annotations_that_mean_something_here(annotation: str, head: str, kept: str) -> None:
    _, after = rendered(APPLIED.replace("m: nn.Module", annotation), head=head)
    assert after.count(f"def _init_weights(self, {kept}) -> None:") == (2 if kept == annotation else 1)


def test_layers_of_two_kinds_share_the_method() -> None:
    marked = Marked("import torch.nn as nn\n" + APPLIED + NET)
    span = marked.spans[0]
    after = marked.render(
        InitializeLayers(span, ("self.net[0]",), ONES, ("Linear",)),
        InitializeLayers(span, ("self.net[0]",), ONES, ("Conv1d", "Conv2d")),
    )
    assert after == marked.source.text.replace("range(3)])\n", '''range(3)])
        self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
        elif isinstance(m, (nn.Conv1d, nn.Conv2d)):
            nn.init.ones_(m.weight)
''')


TWO = '''
class Net(nn.Module):
    def __init__(this):
        super().__init__()
        this.a = «nn.Linear(2, 2)»
        this.b = nn.Linear(2, 2)
    def forward(this, x):
        return this.b(this.a(x))
'''


@pytest.mark.parametrize(
    ("other", "alone", "added"),
    [
        (APPLIED, True, '''
        this.apply(this._init_weights)
    def _init_weights(this, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
'''),
        (APPLIED, False, '''
        for layer in (this.a, this.b):
            nn.init.ones_(layer.weight)
'''),
        (CALLED, False, '''
        this.reset_parameters()
    def reset_parameters(this):
        for layer in (this.a, this.b):
            nn.init.ones_(layer.weight)
'''),
    ],
    ids=["alone", "beside others", "called"],
)
def test_one_or_two_layers(other: str, alone: bool, added: str) -> None:
    """The method is applied to all modules: only where these are all of their kind."""
    marked = Marked(dedent("\nimport torch.nn as nn\n") + other + TWO)
    change = InitializeLayers(marked.spans[0], ("self.a", "self.b"), ONES, ("Linear",), alone=alone)
    assert marked.render(change) == marked.source.text.replace("this.b = nn.Linear(2, 2)\n", f"this.b = nn.Linear(2, 2){added}")


def test_in_the_branch_that_builds_the_layer() -> None:
    """A method that is called would find it missing."""
    net = '''
class Net(nn.Module):
    def __init__(self, deep):
        super().__init__()
        if deep:
            self.a = «nn.Linear(2, 2)»
'''
    marked = Marked("import torch.nn as nn\n" + CALLED + net)
    change = InitializeLayers(marked.spans[0], ("self.a",), ONES)
    assert marked.render(change) == marked.source.text + "            nn.init.ones_(self.a.weight)\n"


LAYOUTS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "tabs": lambda text: text.replace("    ", "\t"),
    "two blanks": lambda text: text.replace("    ", "  "),
    "no newline at the end": lambda text: text.split("\n\n    def forward")[0].removesuffix("\n"),
    "a class inside": lambda text: "import torch.nn as nn\nif nn:\n" + "".join(
        f"    {line}" if line.strip() else line for line in text.partition("\n")[2].splitlines(keepends=True)
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(layout: Callable[[str], str]) -> None:
    def net(inside: str) -> str:
        return layout("import torch.nn as nn\n" + APPLIED + NET.replace("range(3)])\n", f"range(3)]){inside}"))

    marked = Marked(net("\n"))
    change = InitializeLayers(marked.spans[0], ("self.net[0]",), ONES, ("Linear",))
    assert marked.render(change) == net(STYLES["a method that is applied"][1]).replace("«", "").replace("»", "")


def test_comments_at_the_end_of_the_constructor_stay_in_it() -> None:
    before, after = rendered(APPLIED, NET.replace("range(3)])\n", "range(3)])\n        # one\n\n        # two\n"))
    assert after == before.replace("range(3)])\n", "range(3)])\n        self.apply(self._init_weights)\n").replace(
        "# two\n", """# two

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
"""
    )


def test_statements_that_share_a_line() -> None:
    before, after = rendered(APPLIED, NET.replace("super().__init__()\n        ", "super().__init__(); "))
    assert after == before.replace("range(3)])\n", """range(3)]); self.apply(self._init_weights)

    def _init_weights(self, m: nn.Module) -> None:
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
""")
