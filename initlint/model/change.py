"""The vocabulary of fixes: changes to calls and statements, as data.

A rule says *what* should change; the fix room finds the syntax, keeps comments and
formatting, respects the file's import spelling, and produces the text edits.
Values are source text. Function names are short names of `torch.nn.init`.
"""

from __future__ import annotations

from dataclasses import dataclass

from initlint.model.source import Call, Span


@dataclass(frozen=True, slots=True)
class SetArgument:
    """Give `call` the argument `name=value`, replacing it where it already stands.

    `position` is its index among torch's positional parameters: a value written positionally
    stays positional. `replaces` names another argument whose place it takes.
    """

    call: Call
    name: str
    value: str
    position: int | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveArgument:
    call: Call
    name: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class NameArgument:
    """Turn the positional argument at `position` into the keyword `name`."""

    call: Call
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class ReplaceInit:
    """Rewrite `call` (an init function or a tensor fill such as `w.data.zero_()`) as
    `function(<its target>, *arguments)` of `torch.nn.init`, in the file's import spelling."""

    call: Call
    function: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenameFunction:
    """Only the name of the function changes, arguments stay."""

    call: Call
    function: str


@dataclass(frozen=True, slots=True)
class DeleteStatement:
    """Remove the statement that holds `span` (leaving `pass` where a block would be empty). A simple statement goes
    only where `span` is all of it."""

    span: Span


@dataclass(frozen=True, slots=True)
class ReplaceExpression:
    """Replace `span` by `template`, in which `{0}`, `{1}`... stand for the source text of `parts`.
    `{init}`, `{nn}`, `{torch}` and `{math}` stand for the file's own spelling of these modules."""

    span: Span
    template: str
    parts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class WidenCall:
    """Take `call` off its first argument and put it around all of `span`, the expression that holds it:
    `f(x, k=1) * c` becomes `f(x * c, k=1)`, with parentheses around x where it needs them."""

    call: Call
    span: Span


@dataclass(frozen=True, slots=True)
class InsertAfter:
    """Insert statements after the one that holds `span`, at its indentation.
    Placeholders as in ReplaceExpression."""

    span: Span
    lines: tuple[str, ...]
    parts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class WrapStatement:
    """Put the statement that holds `span` under `header`, indented (`with {torch}.no_grad():`,
    `if {0} is not None:`). Placeholders as in ReplaceExpression."""

    span: Span
    header: str
    parts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplaceComment:
    """Replace the comment at `span` by `text`, "" to remove it and the blanks before it."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class InitializeLayers:
    """Give the layers `targets` (expressions such as `self.fc1`, or `self.net[0]`) of a class an explicit init: in
    its init function or method where it has one, else at the end of `__init__`, never before
    `super().__init__()`. The class is the innermost that holds `owner`, where the layers are built; where that is
    none, or another that does not assign them, the one called `name` (qualified). Each of `statements` is a template
    with `{init}` and `{target}` (the module expression). Where `kinds` (names of classes of `torch.nn`) is given, one
    loop over the modules of any of `wholes` (`self.net`, `self`) that tests for them does as well, and is what to
    write where a target is built in a loop or there are more than two: over the first of them, or where the class has
    code that runs over all its modules (`self`), or the other classes of the file have, there. `alone` says that the
    loop over `self` reaches the targets only: then it is written so for one or two of them as well. `after` are calls
    through which the weights are written now, outermost first: one of them stands in the constructor, in front of what
    is inserted, or that would be lost.
    """

    owner: Span
    targets: tuple[str, ...]
    statements: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ("self",)
    name: str = ""
    alone: bool = False
    after: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveStatement:
    """Move the statement that holds `span` to just before or after the one that holds `anchor`."""

    span: Span
    anchor: Span
    after: bool = True


Change = (
    SetArgument
    | RemoveArgument
    | NameArgument
    | ReplaceInit
    | RenameFunction
    | DeleteStatement
    | ReplaceExpression
    | WidenCall
    | InsertAfter
    | WrapStatement
    | ReplaceComment
    | InitializeLayers
    | MoveStatement
)
