"""Sources with marked places: `«nn.init.zeros_(w)»` is the text without the marks, and a span."""

from __future__ import annotations

import ast
import textwrap

from initlint.fix.render import render
from initlint.model.change import Change
from initlint.model.finding import Applicability, Fix
from initlint.model.source import UNKNOWN, Argument, Call, Span
from initlint.syntax.edits import apply
from initlint.syntax.source import Source, from_text

PATH = "net.py"
_TENSOR_METHODS = {"zero_", "fill_", "normal_", "uniform_", "copy_", "mul_"}


class Marked:
    """A source and the spans of its marks, in the order in which they open."""

    def __init__(self, text: str, path: str = PATH) -> None:
        plain: list[str] = []
        opened: list[int] = []
        extents: list[list[int]] = []
        for character in text:
            if character == "«":
                opened.append(len(extents))
                extents.append([len(plain), 0])
            elif character == "»":
                extents[opened.pop()][1] = len(plain)
            else:
                plain.append(character)
        source = from_text("".join(plain), path)
        assert isinstance(source, Source)
        self.source = source
        self.spans = [source.span(start, end) for start, end in extents]

    def call(self, index: int = 0) -> Call:
        return call_at(self.source, self.spans[index])

    def render(self, *changes: Change) -> str | None:
        """The text after one fix, None where it cannot be written."""
        edits = render(self.source, fix(*changes))
        return None if edits is None else apply(self.source.text, edits)


def fix(*changes: Change, applicability: Applicability = Applicability.SAFE) -> Fix:
    return Fix("Mend it", applicability, changes)


def call_at(source: Source, span: Span) -> Call:
    """The call written at `span`, its function guessed from its name."""
    node = next(
        node for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.Call) and _span(source, node) == span
    )
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    receiver = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    of_tensor = isinstance(node.func, ast.Attribute) and name in _TENSOR_METHODS and not receiver.endswith("init")
    if name == "Parameter":
        function = "torch.nn.Parameter"
    else:
        function = f"torch.Tensor.{name}" if of_tensor else f"torch.nn.init.{name}"
    positional = [
        (None, argument) if not isinstance(argument, ast.Starred) else ("*", argument.value) for argument in node.args
    ]
    keywords = [(keyword.arg or "**", keyword.value) for keyword in node.keywords]
    arguments = tuple(
        Argument(keyword, _value(value), _span(source, value), isinstance(value, ast.Constant))
        for keyword, value in (*positional, *keywords)
    )
    return Call(function, span, _span(source, node.func), arguments)


def _value(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else UNKNOWN


def _span(source: Source, node: ast.expr) -> Span:
    return Span(source.path, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def dedent(text: str) -> str:
    """A triple-quoted block without its first newline and common indentation."""
    return textwrap.dedent(text.removeprefix("\n"))
