"""Expressions put in place of others: parentheses, parts that stay, and how a file spells torch."""

from __future__ import annotations

import pytest

from initlint.model.change import InsertAfter, ReplaceExpression
from tests.fix.marks import Marked

EXPRESSIONS = [      # the first mark is replaced, all marks are parts
    ("x = «a»\n", "f({0})", "x = f(a)\n"),
    ("x = «a + b»\n", "f({0})", "x = f(a + b)\n"),
    ("x = «a + b»\n", "{0} / 2", "x = (a + b) / 2\n"),
    ("x = «a.b(c)»\n", "{0} / 2", "x = a.b(c) / 2\n"),
    ("x = y ** «a»\n", "{0} / 2", "x = y ** (a / 2)\n"),
    ("x = f(«a»)\n", "{0} / 2", "x = f(a / 2)\n"),
    ("x = f(k=«a», j=1)\n", "{0} / 2", "x = f(k=a / 2, j=1)\n"),
    ("x = [«a»]\n", "{0} / 2", "x = [a / 2]\n"),
    ("x = y == «a»\n", "{0} == 2", "x = y == (a == 2)\n"),
    ("x = -«a»\n", "{0} + 2", "x = -(a + 2)\n"),
    ("x = «a».b\n", "{0} + 2", "x = (a + 2).b\n"),
    ("return_ = 1\n«a»\n", "{0} + 2", "return_ = 1\na + 2\n"),
    ("x = (\n    # c\n    «a»\n)\n", "{0} + 2", "x = (\n    # c\n    (a + 2)\n)\n"),
    ("x = (\n    «a»\n)\n", "{0} + 2", "x = (\n    a + 2\n)\n"),
    ("x = w.size(«0»)\n", "1", "x = w.size(1)\n"),
    ("x = ««w».size(0)»\n", "f({1})[0]", "x = f(w)[0]\n"),
    ("x = «f(«a», «b»)»\n", "g({1}, {2})", "x = g(a, b)\n"),
    ("x = «f(«a», «b»)»\n", "g({2}, {1})", "x = g(b, a)\n"),
    ("x = «f(«a», «b»)»\n", "g({1}, {1})", "x = g(a, a)\n"),
    ("x = «f(\n    «a  # c\n    + b»\n)»\n", "{1}", "x = (a  # c\n    + b)\n"),
    ("x = «f(\n    «a  # c\n    + b»\n)»\n", "g({1})", "x = g((a  # c\n    + b))\n"),
    ("x = «f(lambda: «a»)»\n", "{1}", "x = a\n"),
    ("x = «f(«lambda: a»)»\n", "{1}()", "x = (lambda: a)()\n"),
    ("x = «f(«a if b else c»)»\n", "g({1}, 2)", "x = g(a if b else c, 2)\n"),
    ("x = «f(«*a»)»\n", "g({1})", "x = g(*a)\n"),
    ("x = «f(«a»)»\n", "{{'k': {1}}}", 'x = {{"k": a}}\n'),
    ("x = «f(«a»)»\n", "f'{x}' + {1}", "x = f'{x}' + a\n"),
    ("x = 'a'; y = «f(«a»)»\n", 'g("s", {1})', "x = 'a'; y = g('s', a)\n"),
    ("x = «é»; y = «ß»\n", "f({0})", "x = f(é); y = ß\n"),
]


@pytest.mark.parametrize(("before", "template", "after"), EXPRESSIONS)
def test_expression(before: str, template: str, after: str) -> None:
    marked = Marked(before)
    assert marked.render(ReplaceExpression(marked.spans[0], template, tuple(marked.spans))) == after


def test_one_expression_inside_another() -> None:
    marked = Marked("x = ««nn.Parameter(«a + b»)» * c»\n")
    inner = ReplaceExpression(marked.spans[1], "{0}", (marked.spans[2],))
    outer = ReplaceExpression(marked.spans[0], "nn.Parameter({0})", (marked.spans[0],))
    assert marked.render(inner, outer) == "x = nn.Parameter((a + b) * c)\n"


SPELLINGS = [
    ("import torch\n", "{init}.zeros_({0})", "torch.nn.init.zeros_(a)"),
    ("import torch.nn\n", "{init}.zeros_({0})", "torch.nn.init.zeros_(a)"),
    ("import torch.nn as nn\n", "{init}.zeros_({0})", "nn.init.zeros_(a)"),
    ("from torch import nn\n", "{init}.zeros_({0})", "nn.init.zeros_(a)"),
    ("from torch import nn as tnn\n", "{init}.zeros_({0})", "tnn.init.zeros_(a)"),
    ("from torch.nn import init\n", "{init}.zeros_({0})", "init.zeros_(a)"),
    ("import torch.nn.init as I\n", "{init}.zeros_({0})", "I.zeros_(a)"),
    ("from torch.nn.init import zeros_\n", "{init}.zeros_({0})", "zeros_(a)"),
    ("from torch.nn.init import zeros_ as z\n", "{init}.zeros_({0})", "z(a)"),
    ("import torch\nimport torch.nn as nn\nnn.init.x_(b)\n", "{init}.zeros_({0})", "nn.init.zeros_(a)"),
    ("import torch\nimport torch.nn as nn\ntorch.nn.init.x_(b)\n", "{init}.zeros_({0})", "torch.nn.init.zeros_(a)"),
    ("import torch\nimport torch.nn as nn\n", "{nn}.Parameter({0})", "nn.Parameter(a)"),
    ("from torch.nn import Parameter\n", "{nn}.Parameter({0})", "Parameter(a)"),
    ("import torch\n", "{nn}.Parameter({0})", "torch.nn.Parameter(a)"),
    ("import math\n", "{0} / {math}.sqrt(2)", "a / math.sqrt(2)"),
    ("from math import sqrt\n", "{0} / {math}.sqrt(2)", "a / sqrt(2)"),
    ("import torch.nn as nn\nfrom x import nn as mm\n", "{init}.zeros_({0})", "nn.init.zeros_(a)"),
]


@pytest.mark.parametrize(("imports", "template", "after"), SPELLINGS)
def test_spelling(imports: str, template: str, after: str) -> None:
    marked = Marked(imports + "x = «a»\n")
    assert marked.render(ReplaceExpression(marked.spans[0], template, tuple(marked.spans))) == f"{imports}x = {after}\n"


ADDED = [
    ("from torch.nn import Linear\n\n", "from torch.nn import Linear, init\n\n", "init.zeros_(a)"),
    ("from torch.nn import Sequential, Linear\n", "from torch.nn import Sequential, Linear, init\n", "init.zeros_(a)"),
    ("from torch.nn import functional, ReLU\n", "from torch.nn import functional, ReLU, init\n", "init.zeros_(a)"),
    ("from torch.nn import (\n    Linear,\n    ReLU,\n)\n", "from torch.nn import (\n    Linear,\n    ReLU,\n    init,\n)\n", "init.zeros_(a)"),
    ("from torch.nn.init import ones_, xavier_normal_\n", "from torch.nn.init import ones_, xavier_normal_, zeros_\n", "zeros_(a)"),
    ("from torch.nn.init import xavier_normal_\n", "from torch.nn.init import xavier_normal_, zeros_\n", "zeros_(a)"),
    ("from torch.nn.functional import relu\nimport x\n",
     "from torch.nn.functional import relu\nfrom torch.nn import init\nimport x\n", "init.zeros_(a)"),
    ("", "from torch.nn import init\n\n", "init.zeros_(a)"),
    ('"""Doc."""\n', '"""Doc."""\n\nfrom torch.nn import init\n', "init.zeros_(a)"),
    ("import x\nimport y  # y\n\nb\n", "import x\nimport y  # y\nfrom torch.nn import init\n\nb\n", "init.zeros_(a)"),
    ("from __future__ import annotations\n", "from __future__ import annotations\n\nfrom torch.nn import init\n", "init.zeros_(a)"),
    ("init = 1\n", "from torch import nn\n\ninit = 1\n", "nn.init.zeros_(a)"),
    ("from torch import Tensor\ninit = 1\n", "from torch import Tensor, nn\ninit = 1\n", "nn.init.zeros_(a)"),
    ("init = nn = 1\n", "import torch\n\ninit = nn = 1\n", "torch.nn.init.zeros_(a)"),
    ("init = nn = torch = 1\n", None, ""),
    ("import torch.nn as nn\nnn = 3\n", "import torch.nn as nn\nfrom torch.nn import init\nnn = 3\n", "init.zeros_(a)"),
    ("if TYPE_CHECKING:\n    import torch\n", "from torch.nn import init\n\nif TYPE_CHECKING:\n    import torch\n", "init.zeros_(a)"),
    ("from torch.nn import *\n", "from torch.nn import *\nfrom torch.nn import init\n", "init.zeros_(a)"),
    ("from .torch.nn import Linear\r\n", "from .torch.nn import Linear\r\nfrom torch.nn import init\r\n", "init.zeros_(a)"),
]


@pytest.mark.parametrize(("imports", "wanted", "after"), ADDED)
def test_a_missing_import_is_added(imports: str, wanted: str | None, after: str) -> None:
    marked = Marked(imports + "x = «a»\n")
    rendered = marked.render(ReplaceExpression(marked.spans[0], "{init}.zeros_({0})", tuple(marked.spans)))
    assert rendered == (None if wanted is None else f"{wanted}x = {after}\n")


def test_an_import_comes_before_lines_added_at_its_place() -> None:
    marked = Marked("«import x»\n")
    after = "import x\nfrom torch.nn import init\ninit.zeros_(x)\n"
    assert marked.render(InsertAfter(marked.spans[0], ("{init}.zeros_(x)",))) == after


MATHS = [
    ("import torch\n", "import math\n\nimport torch\n"),
    ("import os\nimport sys\n\nimport torch\n", "import math\nimport os\nimport sys\n\nimport torch\n"),
    ("import abc\nimport sys\n\nimport torch\n", "import abc\nimport math\nimport sys\n\nimport torch\n"),
    ("import abc\nfrom typing import Any\n", "import abc\nimport math\nfrom typing import Any\n"),
    ("import abc\n\nimport torch\n", "import abc\nimport math\n\nimport torch\n"),
]


@pytest.mark.parametrize(("imports", "wanted"), MATHS)
def test_the_standard_library_has_its_place(imports: str, wanted: str) -> None:
    marked = Marked(imports + "x = «a»\n")
    rendered = marked.render(ReplaceExpression(marked.spans[0], "{math}.sqrt({0})", tuple(marked.spans)))
    assert rendered == f"{wanted}x = math.sqrt(a)\n"


SCOPES = [
    ("import torch.nn as nn\ndef f(nn):\n    «a»\n", "from torch.nn import init"),
    ("import torch\nimport torch.nn as nn\ndef f(nn):\n    «a»\n", "    torch.nn.init.zeros_(a)"),
    ("import torch\nimport torch.nn as nn\ndef f():\n    nn = 1\n    def g():\n        «a»\n", "        torch.nn.init.zeros_(a)"),
    ("import torch\nimport torch.nn as nn\nclass A:\n    nn = 1\n    def g():\n        «a»\n", "        nn.init.zeros_(a)"),
    ("import torch\nimport torch.nn as nn\nclass A:\n    nn = 1\n    «a»\n", "    torch.nn.init.zeros_(a)"),
    ("import torch\ndef f():\n    import torch.nn as nn\n    «a»\n", "    nn.init.zeros_(a)"),
    ("import torch\ndef g():\n    import torch.nn as nn\ndef f():\n    «a»\n", "    torch.nn.init.zeros_(a)"),
    ("def f():\n    «a»\nimport torch\n", "    torch.nn.init.zeros_(a)"),
    ("import torch\ndef f():\n    «a»\n    import torch.nn as nn\n", "    torch.nn.init.zeros_(a)"),
    ("import torch\nf = lambda torch: «a»\n", "f = lambda torch: init.zeros_(a)"),
    ("import torch\ntry:\n    import x\nexcept E as torch:\n    «a»\n", "    init.zeros_(a)"),
]


@pytest.mark.parametrize(("before", "line"), SCOPES)
def test_a_hidden_name_spells_nothing(before: str, line: str) -> None:
    marked = Marked(before)
    rendered = marked.render(ReplaceExpression(marked.spans[0], "{init}.zeros_({0})", tuple(marked.spans)))
    assert rendered is not None
    assert line in rendered.splitlines()
