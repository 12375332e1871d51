"""Programs that would take Python, or whoever reads them, without end. Each has a name."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Final

HEAD: Final = "import torch\nimport torch.nn as nn\n"
WITNESS: Final = """

class Witness(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_normal(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
"""
"""A class with one finding of INI010, which is still there behind whatever stands before it."""

_CALLED: Final = (
    "len", "range", "enumerate", "zip", "map", "filter", "reversed", "sorted", "list", "tuple", "set", "frozenset", "dict",
    "isinstance", "issubclass", "hasattr", "getattr", "setattr", "delattr", "callable", "type", "min", "max", "sum", "any",
    "all", "int", "float", "str", "bool", "abs", "round", "pow", "divmod", "ord", "chr", "repr", "hex", "bytes", "complex",
    "iter", "next", "print", "id", "slice", "vars", "globals", "dir", "locals", "super", "staticmethod", "classmethod",
    "property", "[].append", "[].extend", "[].insert", "[].pop", "[].index", "[].count", "[].remove", "[].sort", "[].update",
    "[1].union", "[1].copy", "{}.get", "{}.pop", "{}.setdefault", "{}.update", "{}.items", "'a'.join", "'a'.replace",
    "'a'.split", "'a'.format", "'a'.encode", "'{}'.format", "().index", "().count", "{1}.add", "{1}.discard",
    "math.sqrt", "math.log", "math.prod", "math.factorial", "functools.partial", "functools.wraps", "functools.reduce",
    "functools.cached_property", "functools.lru_cache", "collections.OrderedDict", "collections.defaultdict",
    "collections.deque", "collections.namedtuple", "types.SimpleNamespace", "dataclasses.dataclass", "dataclasses.field",
    "dataclasses.replace", "dataclasses.asdict", "itertools.chain", "itertools.chain.from_iterable", "itertools.repeat",
    "itertools.count", "itertools.product", "itertools.accumulate", "itertools.islice", "itertools.pairwise",
    "operator.attrgetter", "operator.attrgetter('a')", "operator.itemgetter", "operator.itemgetter(1)", "copy.deepcopy",
    "copy.copy", "re.match", "re.sub", "re.split", "typing.cast", "typing.TypeVar", "warnings.warn",
    "{1}.intersection", "{1}.difference", "{1}.symmetric_difference", "{1}.issubset", "{1}.isdisjoint", "{}.popitem",
    "dict.fromkeys", "dict.get", "dict.__getitem__", "list.append", "str.upper", "set.union", "tuple.index", "bin", "oct",
    "format", "ascii", "object.__new__", "object.__setattr__", "types.MethodType", "types.MappingProxyType", "enum.auto",
    "collections.Counter", "collections.ChainMap", "collections.Counter('aa').most_common", "collections.deque([1], 2).append",
    "collections.OrderedDict(a=1).move_to_end", "contextlib.contextmanager", "contextlib.nullcontext", "contextlib.suppress",
    "contextlib.closing", "contextlib.ExitStack", "contextlib.ExitStack().enter_context", "dataclasses.fields",
    "dataclasses.astuple", "functools.partialmethod", "functools.singledispatch", "functools.singledispatchmethod",
    "itertools.groupby", "itertools.cycle", "itertools.combinations", "itertools.permutations", "itertools.takewhile",
    "itertools.compress", "itertools.zip_longest", "itertools.starmap", "itertools.tee", "operator.methodcaller",
    "operator.methodcaller('a')", "re.compile", "re.compile('a').sub", "re.search('a', 'a').group", "json.loads", "json.dumps",
    "os.path.join", "os.path.splitext", "pathlib.Path", "heapq.heappush", "heapq.nlargest", "bisect.insort", "statistics.mean",
    "numpy.array", "numpy.arange", "numpy.zeros", "numpy.linspace", "numpy.prod", "numpy.array([1]).reshape",
    "numpy.array([1]).astype", "inspect.signature",
    "nn.Module", "nn.Sequential", "nn.ModuleList", "nn.ModuleDict", "nn.ParameterList", "nn.ParameterDict", "nn.Parameter",
    "nn.Linear", "nn.Conv2d", "nn.ConvTranspose2d", "nn.Bilinear", "nn.LSTM", "nn.LSTMCell", "nn.Embedding",
    "nn.EmbeddingBag", "nn.LayerNorm", "nn.BatchNorm2d", "nn.GroupNorm", "nn.MultiheadAttention", "nn.Transformer",
    "nn.TransformerEncoderLayer", "nn.TransformerEncoder", "nn.ReLU", "nn.LeakyReLU", "nn.PReLU", "nn.Dropout",
    "nn.Identity", "nn.Flatten", "nn.utils.weight_norm", "nn.utils.spectral_norm", "nn.utils.parametrizations.weight_norm",
    "nn.utils.parametrizations.orthogonal", "nn.init.normal_", "nn.init.uniform_", "nn.init.constant_", "nn.init.zeros_",
    "nn.init.ones_", "nn.init.eye_", "nn.init.dirac_", "nn.init.sparse_", "nn.init.orthogonal_", "nn.init.xavier_normal_",
    "nn.init.xavier_uniform_", "nn.init.kaiming_normal_", "nn.init.kaiming_uniform_", "nn.init.trunc_normal_",
    "nn.init.calculate_gain", "nn.init._calculate_fan_in_and_fan_out", "torch.zeros", "torch.ones", "torch.full",
    "torch.empty", "torch.randn", "torch.rand", "torch.randn_like", "torch.zeros_like", "torch.tensor", "torch.arange",
    "torch.linspace", "torch.eye", "torch.cat", "torch.stack", "torch.split", "torch.chunk", "torch.where", "torch.matmul",
    "torch.einsum", "torch.no_grad", "torch.add", "torch.permute", "torch.load", "torch.manual_seed", "F.relu", "F.linear",
    "F.conv2d", "F.softmax", "F.scaled_dot_product_attention", "m.weight.data.normal_", "m.weight.data.copy_",
    "m.weight.fill_", "m.weight.mul_", "m.weight.clamp_", "m.apply", "m.modules", "m.register_parameter",
    "m.register_buffer", "m.add_module", "m.get_parameter", "m.get_submodule", "m.load_state_dict", "m.named_parameters",
    "m.requires_grad_", "m.weight.view", "m.weight.size", "x.view", "x.reshape", "x.permute", "x.transpose", "x.mean",
    "x.chunk", "x.split", "x.unbind", "x.flatten", "x.size", "x.expand", "x.softmax", "x.norm", "s.append", "s.insert",
    "s.extend", "l.append", "l.insert", "l.extend", "l.pop", "d.update", "d.pop", "d.items", "d.__getitem__",
)
"""What can be called in model code, in a program that begins with `_PREPARED`."""
_PREPARED: Final = """\
import bisect, collections, contextlib, copy, dataclasses, enum, functools, heapq, inspect, itertools, json, math, numpy
import operator, os.path, pathlib, re, statistics, types, typing, warnings
import torch.nn.functional as F
m, x, s, l, d = nn.Linear(8, 8), torch.zeros(8, 8), nn.Sequential(), nn.ModuleList(), nn.ModuleDict()
"""
_ARGUMENTS: Final = (
    "", "None", "-1", "'a', 1.5", "[], {}, ()", "None, 'a', 1.5, [], print, x=1", "m, m, m", "x, x, x", "*[], **{}",
    "torch.a, torch.b", "*torch.a, **torch.b", "m.weight, 1e400, -1e400", "m.weight, 'a', 'b'", "10 ** 400, 10 ** 400",
    "lambda *a, **k: a", "dim='a'", "weight=None, a=None, p=None, gain=None, std=None, mean=None", "nn.Linear, 8, [8, (8,)]",
)


def _calls() -> dict[str, str]:
    """Everything called with what it does not expect, each call on a path of its own."""
    return {
        f"called with {arguments or 'nothing'}": _PREPARED + "".join(
            f"if torch.a{index}:\n    r = {name}({arguments})\n" for index, name in enumerate(_CALLED)
        )
        for arguments in _ARGUMENTS
    }


def _steps(lines: list[str], last: str, width: int = 4) -> str:
    """Each line inside the one before it."""
    return "".join(" " * width * i + line + "\n" for i, line in enumerate([*lines, last]))


def bombs() -> dict[str, str]:
    """Statements that are tried in the body of a module, of `__init__` and of `forward`."""
    sections = (Path(__file__).parent / "bombs.txt").read_text("utf-8").split("\n## ")[1:]
    written = {name: text for name, _, text in (section.partition("\n") for section in sections)}
    return {
        **written,
        **_calls(),
        "large literal": f"x = {'9' * 4000}\ny = x * x\nz = str(y)\nw = f'{{y}}'\nv = repr(x)\n",
        "large literal in hexadecimal": f"x = 0x{'f' * 100_000}\ny = x * x\nz = x / 3\nw = str(x)\nv = float(x)\n",
        "branches": "".join(f"if torch.a{i}:\n    x{i} = {i}\nelse:\n    x{i} = nn.Linear({i + 1}, 2)\n" for i in range(300)),
        "branches in branches": _steps([f"if torch.a{i}:" for i in range(60)], "x = 1"),
        "branches that grow a tuple": "x = 0\n" + "".join(f"if torch.a{i}:\n    x = (x, {i})\n" for i in range(60)) + "y = x == (x, x)\n",
        "branches that grow a list": "x = []\n" + "".join(f"if torch.a{i}:\n    x = x + [{i}]\nelse:\n    x = [x, x]\n" for i in range(60)),
        "branches that grow a dict": "x = {}\n" + "".join(f"if torch.a{i}:\n    x['a{i}'] = x\nelse:\n    x = dict(a=x, b=x)\n" for i in range(60)),
        "iterators of themselves": (
            "class I:\n    def __iter__(self):\n        return self if torch.a else [self]\n"
            "class J(I):\n    def __next__(self):\n        return next(iter(self))\n"
            "a, b = J()\nfor i in I():\n    for j in J():\n        [*i, *j]\n"
        ),
        "branches of calls": "def f(n):\n" + "".join(f"    if torch.a{i}:\n        f(n + {i})\n        return {i}\n" for i in range(40)) + "f(0)\n",
        "conditionals": f"x = {' if torch.a else '.join(map(str, range(80)))}\ny = {'(1 if torch.b else ' * 40}0{')' * 40}\n",
        "boolean chain": f"x = {' or '.join(f'torch.a{i}' for i in range(3000))}\n",
        "nested loops": _steps([f"for i{i} in range(10 ** 9):" for i in range(18)], "x = i1"),
        "nested whiles": _steps(["while True:"] * 18, "x = 1"),
        "nested unknown loops": _steps([f"for i{i} in torch.f():" for i in range(18)], "x = [i1]"),
        "nested unknown whiles": _steps([f"while torch.a{i}:" for i in range(18)], "x = [x]"),
        "tower of tries": _steps(["try:"] * 18, "import absent") + "".join(
            " " * 4 * i + f"except ImportError:\n{' ' * 4 * i}    import absent\n" for i in reversed(range(18))
        ),
        "many functions": "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}((x, {i}))\n" for i in range(40)) + "def f40(x):\n    return 1\nf0(1)\n",
        "decorators in rows": "def d(f):\n    return lambda *a, **k: f(*a, **k) or f(*a, **k)\n" + "@d\n" * 200 + "def f(x):\n    return 1\nf(1)\n",
        "tower of lambdas": f"x = {'lambda a: ' * 80}a\ny = x{'(1)' * 80}\n",
        "tower of calls": f"x = {'f(' * 80}{')' * 80}\ny = nn{'.a' * 900}\nz = x{'(1)' * 900}\n",
        "diamonds": "class A0(nn.Module):\n    pass\n" + "".join(
            f"class L{i}(A{i}):\n    pass\nclass R{i}(A{i}):\n    pass\nclass A{i + 1}(L{i}, R{i}):\n    def __init__(self):\n        super().__init__()\n"
            for i in range(40)
        ) + "A40()\n",
    }


_CLASS: Final = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"

# fmt: off
_FILES: Final[dict[str, str]] = {
    "deep brackets": "x = " + "(" * 5_000 + ")" * 5_000,
    "brackets opened": "x = " + "(" * 100_000,
    "brackets of all kinds": "torch " + "([{" * 50_000,
    "deep lists": "x = " + "[" * 150 + "]" * 150,
    "deeper lists": "x = " + "[" * 5_000 + "]" * 5_000,
    "deep calls": "x = " + "f(" * 180 + ")" * 180,
    "chain of operators": "x = " + "1 + " * 2_500 + "1",
    "long chain of operators": "x = " + "1 + " * 50_000 + "1",
    "chain of signs": "x = " + "-" * 50_000 + "1",
    "chain of nots": "x = " + "not " * 50_000 + "1",
    "chain of powers": "x = " + "2 ** " * 5_000 + "2",
    "chain of comparisons": "x = " + "1 < " * 50_000 + "1",
    "chain of attributes": "x = a" + ".b" * 50_000,
    "chain of calls": "x = a" + "()" * 50_000,
    "chain of subscripts": "x = a" + "[0]" * 50_000,
    "chain of awaits": "async def f():\n    x = " + "await " * 5_000 + "1",
    "chain of lambdas": "x = " + "lambda: " * 20_000 + "1",
    "chain of conditionals": "x = " + "1 if a else " * 20_000 + "1",
    "chain of elifs": "if torch.a:\n    x = 1\n" + "".join(f"elif torch.a{i}:\n    x = {i}\n" for i in range(900)),
    "long chain of elifs": "if a:\n    pass\n" + "elif a:\n    pass\n" * 20_000,
    "chain of targets": "x = " * 50_000 + "1",
    "deep ifs": _steps(["if torch.a:"] * 98, "x = 1", 1),
    "deeper ifs": _steps(["if a:"] * 3_000, "x", 1),
    "deep functions": _steps([f"def f{i}():" for i in range(90)], "return nn.Linear(1, 1)", 1),
    "deep classes": _steps(["class A(nn.Module):"] * 90, "a = nn.Linear(1, 1)", 1),
    "deep loops": _steps(["for i in range(9):"] * 19, "x = nn.Linear(1, 1)"),
    "deep withs": _steps(["with torch.no_grad():"] * 19, "x = nn.Linear(1, 1)"),
    "deep patterns": "match x:\n    case " + "[" * 90 + "]" * 90 + ":\n        pass",
    "deep annotations": "x: " + "list[" * 190 + "int" + "]" * 190,
    "deep targets": "(" * 90 + "x" + ",)" * 90 + " = 1",
    "deep comprehensions": "x = " + "[y for y in " * 60 + "range(9)" + "]" * 60,
    "deep f-strings": "x = " + "f'{" * 140 + "1" + "}'" * 140,
    "many generators": "x = [0 " + " ".join(f"for i{i} in range(99)" for i in range(200)) + "]",
    "large list": "x = [" + "0, " * 1_000_000 + "]",
    "large list of lists": "x = [" + "[0, 0], " * 200_000 + "]",
    "large dict": "x = {" + "".join(f"{i}: {i}, " for i in range(200_000)) + "}\ny = {**x, **x}",
    "large text": "x = '" + "a" * 5_000_000 + "'\ny = x + x\nfor _ in range(99):\n    y = y + x",
    "large call": "x = nn.Sequential(" + "nn.Linear(8, 8), " * 20_000 + ")",
    "large sequence": _CLASS + "        self.net = nn.Sequential(\n" + "            nn.Linear(8, 8), nn.ReLU(),\n" * 3_000 + "        )\n    def forward(self, x):\n        return self.net(x)\n",
    "large model": _CLASS + "".join(f"        self.fc{i} = nn.Linear(8, 8)\n" for i in range(3_000)) + "    def forward(self, x):\n" + "".join(f"        x = self.fc{i}(x)\n" for i in range(3_000)) + "        return x\n",
    "large sum": _CLASS + "        self.fc = nn.Linear(8, 8)\n    def forward(self, x):\n" + "        x = self.fc(x) + self.fc(x) * x\n" * 3_000 + "        return x\n",
    "deep model": "".join(f"class N{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.n = N{i + 1}()\n    def forward(self, x):\n        return self.n(x)\n" for i in range(300)) + "N300 = nn.ReLU\n",
    "wide model": "".join(f"class N{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.n = N{i + 1}()\n        self.m = N{i + 1}()\n    def forward(self, x):\n        return self.n(x) + self.m(x)\n" for i in range(30)) + "class N30(nn.Linear):\n    def __init__(self):\n        super().__init__(8, 8)\n",
    "many classes": "".join(f"class N{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, {i + 1})\n    def forward(self, x):\n        return self.fc(x)\n" for i in range(400)),
    "many functions": "".join(f"def f{i}():\n    return nn.Linear({i + 1}, 8)\n" for i in range(1_500)),
    "many statements without end": "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}((x, {i}))\n" for i in range(40)) + "def f40(x):\n    return 1\n" + "".join(f"f0({i})\n" for i in range(300)),
    "many draws": "def draw(t):\n    while True:\n        out = torch.logical_or(t < -2, t > 2)\n        if not torch.sum(out):\n            break\n        t.copy_(torch.where(out, nn.init.normal_(torch.ones(t.shape)), t))\nclass N(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.empty(5, 8, 8))\n        for i in range(5):\n            draw(self.w.data[i])\n            draw(self.w.data)\n    def forward(self, x):\n        return x @ self.w\n",
    "loops that may end at every turn": "def under(key, prefixes):\n    while True:\n        if key in prefixes:\n            return True\n        key, dot, _ = key.rpartition('.')\n        if not dot:\n            return False\nclass N(nn.Module):\n    def __init__(self, names, prefixes):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n        for i in range(100):\n            if under(names[i], prefixes):\n                self.fc.requires_grad_(False)\n",
    "walk over something unknown": "def walk(data, shape, leaves, depth=0):\n    if isinstance(data, (list, tuple)):\n        if depth == len(shape):\n            shape.append(len(data))\n        for value in data:\n            walk(value, shape, leaves, depth + 1)\n    else:\n        leaves.append(data)\nclass N(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n        self.size = size\n    def forward(self, x):\n        shape, leaves = [], []\n        for i in range(4):\n            walk([[0, 0], [self.size, 0], [x.shape[i], self.size]], shape, leaves)\n        return self.fc(x) * torch.stack(leaves)\n",
    "many names": "".join(f"x{i} = {i}\n" for i in range(40_000)),
    "many imports": "".join(f"import a{i}.b.c as d{i}\nfrom e{i} import *\n" for i in range(5_000)),
    "many parameters": "def f(" + ", ".join(f"a{i}=nn.Linear" for i in range(2_000)) + "):\n    return a1(8, 8)\nf(" + ", ".join(f"a{i}=1" for i in range(2_000)) + ")",
    "many decorators": "@a\n" * 5_000 + "def f():\n    pass",
    "long line": "x = 1; " * 100_000,
    "long line of imports": "import " + ", ".join(["os"] * 100_000),
    "long name": "x" * 1_000_000 + " = 1",
    "long comment": "#" + " noqa" * 500_000,
    "many comments": "# noqa: INI101\n" * 50_000,
    "many comments in a statement": "x = [\n" + "1,  # noqa: INI101\n" * 20_000 + "]",
    "many comments above a statement": "# initlint: ignore[INI101]\n" * 20_000 + "x = 1",
    "many blocks without end": "# initlint: disable[INI101]\nx = 1\n" * 20_000,
    "many blocks": "# initlint: disable[INI101]\n" * 10_000 + "# initlint: enable[INI101]\n" * 10_000,
    "many initialisers": "w = nn.Linear(8, 8).weight\n" + "nn.init.xavier_normal(w)\n" * 4_000,
    "comment of many codes": "x = 1  # noqa: " + "INI101, " * 100_000,
    "continued lines": "x = 1" + " + \\\n 1" * 2_000,
    "continued imports": "from a import \\\n" * 20_000,
    "empty lines": "\n" * 1_000_000,
    "text without end": "x = '''" + "import torch\n" * 20_000,
    "quotes": "'" * 200_000,
    "semicolons": ";" * 200_000,
    "indentation": " " * 2_000_000 + "x",
    "steps of indentation": "".join(" " * i + "x:\n" for i in range(1_000)),
    "import by import": "import " * 50_000 + "torch",
    "from by from": "from torch " * 50_000 + "import nn",
    "type parameters": "type A[T: (int, str), *Ts, **P] = list[A[T]]\ntype B = B | A[B]\nclass C[T](nn.Module):\n    def f[U: C[U]](self, x: U) -> T:\n        return self.f(x)\ndef g[T](x: T) -> T:\n    return g(x)\ng(C())",
    "deep type parameters": "type A = " + "A[" * 55 + "A" + "]" * 55,
    "new f-strings": 'x = f"{f"{f"{1}"}"}"\ny = f"{"\\n".join(["a"])}"\nz = f"{x!r:{"a"}}"',
    "group of exceptions": "try:\n    pass\nexcept* ValueError:\n    pass",
    "broken pattern": "type A = int\nmatch x:\n    case " + "(a|" * 25 + ":\n",
    "broken brackets": "type A = int\nx = " + "[(" * 25 + ":\n",
    "broken lambdas": "type A = int\nx = " + "lambda x: (" * 30 + "\n",
    "broken comprehensions": "type A = int\nx = " + "[a for a in " * 28 + ":\n",
    "broken dicts": "type A = int\nx = " + "{a: " * 28 + "\n",
    "broken calls": "type A = int\nx = " + "a(b=" * 28 + ":\n",
    "broken f-strings": "type A = int\nx = " + "f'{" * 28 + ":\n",
    "zero": "x = '\0'\n",
    "half a character": "x = '\\ud800'\ny = x * 2\nz = f'{x}'",
    "names of all scripts": "ﬁ = 1\nx = fi\nª = nn.Linear(1, 1)\nclass Å(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.ñ = nn.Linear(1, 1)",
    "globals everywhere": "def f():\n    global f, nnn\n    f = nnn = torch\n    return f()\nf()\nclass A:\n    global B\n    class B(nn.Module):\n        pass\nB()",
    "asynchronous": "async def f():\n    async for x in f():\n        async with f() as y:\n            yield await f()\n    return\nx = f()\nasync def g():\n    return [x async for x in f() if await g()]\ng()",
    "script": "if __name__ == '__main__':\n    while True:\n        m = nn.Linear(8, 8)\n        m = nn.Sequential(m, m)\n",
}
# fmt: on

_MODULE: Final = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.before = nn.Linear(8, 8)
{init}
        self.after = nn.Linear(8, 8)

    def forward(self, x):
        a = self.before(x)
{forward}
        return self.after(a)
"""


def programs(everywhere: bool = True) -> dict[str, str]:
    """All files by name: each bomb in a module's body, in `__init__` and in `forward`, or not `everywhere` but in one of
    these in turn, and what is a file of its own."""
    found = {}
    for number, (name, text) in enumerate(bombs().items()):
        inner = indent(text, " " * 8)
        places = {
            f"{name}, in a module": f"{HEAD}{text}\nnet = nn.Linear(8, 8)\n{WITNESS}",
            f"{name}, in __init__": HEAD + _MODULE.format(init=inner, forward="        pass") + WITNESS,
            f"{name}, in forward": HEAD + _MODULE.format(init="        pass", forward=inner) + WITNESS,
        }
        found.update(list(places.items())[slice(None) if everywhere else slice(number % 3, number % 3 + 1)])
    for name, text in _FILES.items():
        found[name] = f"{HEAD}{text}\n{WITNESS}"
    return found
