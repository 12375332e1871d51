"""Changes to what a call calls: another function of `torch.nn.init`, or one in place of a tensor's own method."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from initlint.fix.arguments import CallChanges
from initlint.fix.document import Document
from initlint.fix.nodes import Unreadable
from initlint.fix.templates import is_atom
from initlint.model.source import Call, Span
from initlint.syntax.edits import Edit

_INIT = "torch.nn.init"


def renamed(document: Document, changes: CallChanges, call: Call, function: str) -> Iterator[Edit]:
    """Calls `function` of `torch.nn.init` as the call spells the one it calls now."""
    callee, piece = _callee(document, changes, call), changes.piece
    if isinstance(callee, cst.Attribute):
        if callee.attr.value != function:
            yield Edit(piece.start(callee.attr), piece.end(callee.attr), function)
        return
    if not isinstance(callee, cst.Name):
        raise Unreadable("the function is not called by a name")
    start, end = piece.start(callee), piece.end(callee)
    spelling = document.names.spell_beside(_INIT, function, call.short_name, start)
    if spelling.text != callee.value:
        yield Edit(start, end, spelling.text)
        yield from spelling.edits


def _callee(document: Document, changes: CallChanges, call: Call) -> cst.BaseExpression:
    """The function as the call spells it: first among the arguments of a partial call."""
    node = changes.node
    is_partial = document.source.offsets(call.function_span)[0] > changes.piece.end(node.func)
    return node.args[0].value if is_partial else node.func


def replaced(
    document: Document, changes: CallChanges, call: Call, function: str, arguments: tuple[str, ...]
) -> Iterator[Edit]:
    """Calls `function(<tensor>, *arguments)`, the tensor being the one that the call fills now."""
    if call.function.startswith(f"{_INIT}."):
        yield from renamed(document, changes, call, function)
        changes.replace_all(arguments, kept=1, function=function)
        return
    callee = changes.node.func
    if not isinstance(callee, cst.Attribute):
        raise Unreadable("neither a function of torch.nn.init nor a method of a tensor")
    tensor = _tensor(callee)
    start, end = changes.piece.start(changes.node), changes.piece.outer(tensor.value)[1]
    spelling = document.names.spell(_INIT, function, start)
    yield from spelling.edits
    yield Edit(start, start, f"{spelling.text}(")
    opening = changes.opening
    rest = document.text[opening:]
    blanks = len(rest) - len(rest.lstrip(" \t\f"))
    own_lines = rest[blanks:blanks + 1] in ("\r", "\n")
    comma = "" if not arguments else "," if own_lines else ", "
    yield Edit(end, opening if own_lines else opening + blanks, comma)
    changes.replace_all(arguments, kept=0)


def widened(document: Document, call: Span, whole: Span) -> Iterator[Edit]:
    """Takes a call off its first argument and puts it around the whole expression that holds the call."""
    piece, node = document.expression(call)
    if not isinstance(node, cst.Call) or not node.args or node.args[0].star:
        raise Unreadable("not a call with a first argument")
    value = node.args[0].value
    start, end = document.source.offsets(call)
    first, last = document.source.offsets(whole)
    inside, after = piece.start(value), piece.end(value)
    if value.lpar:
        inside, after = piece.outer(value)
    opening, closing = ("", "") if is_atom(value) or value.lpar else ("(", ")")
    text = document.text
    if first == start:
        yield Edit(inside, inside, opening)
    else:
        yield Edit(first, first, text[start:inside])
        yield Edit(start, inside, opening)
    if last == end:
        yield Edit(after, after, closing)
    else:
        yield Edit(after, end, closing)
        yield Edit(last, last, text[after:end])


def _tensor(method: cst.Attribute) -> cst.Attribute:
    """The access whose value is the tensor itself, in front of `.data` and `.detach()`."""
    found = method
    while True:
        match found.value:
            case cst.Attribute(attr=cst.Name(value="data")) as inner:
                found = inner
            case cst.Call(func=cst.Attribute(attr=cst.Name(value="detach")) as inner, args=[]):
                found = inner
            case _:
                return found
