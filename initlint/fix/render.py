"""Fixes, stated over calls and statements, as text edits."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

import libcst as cst

from initlint.fix.arguments import CallChanges
from initlint.fix.calls import renamed, replaced, widened
from initlint.fix.document import Document
from initlint.fix.insertion import initialize_layers
from initlint.fix.nodes import Unreadable
from initlint.fix.statements import StatementChanges, template_lines
from initlint.fix.templates import Filled
from initlint.model.change import (
    Change,
    DeleteStatement,
    InitializeLayers,
    InsertAfter,
    MoveStatement,
    NameArgument,
    RemoveArgument,
    RenameFunction,
    ReplaceComment,
    ReplaceExpression,
    ReplaceInit,
    SetArgument,
    WidenCall,
    WrapStatement,
)
from initlint.model.finding import Fix
from initlint.model.source import Call, Span
from initlint.syntax.edits import Edit, OverlapError, apply, ordered
from initlint.syntax.source import Source

_OnCall = SetArgument | RemoveArgument | NameArgument | ReplaceInit | RenameFunction


def render(source: Source, fix: Fix) -> tuple[Edit, ...] | None:
    """The edits that make `fix` in `source`, in order; None where it cannot be written there."""
    return render_in(Document(source), fix)


def render_in(document: Document, fix: Fix) -> tuple[Edit, ...] | None:
    """As `render`, in a document that remembers what was read of it. Never raises."""
    if not fix.changes or {file_of(change) for change in fix.changes} != {document.source.path}:
        return None
    try:
        edits = ordered(_joined(_edits(document, fix.changes)))
    except (Unreadable, OverlapError):
        return None
    if not edits:
        return None
    only_comments = all(isinstance(change, ReplaceComment) for change in fix.changes)      # Python reads none
    return edits if only_comments or _still_python(document, edits) else None


def render_files(fix: Fix, document_of: Callable[[str], Document | None]) -> dict[str, tuple[Edit, ...]]:
    """The edits of a fix by file, for one whose changes may lie in several; empty where any cannot be made."""
    by_file: dict[str, list[Change]] = {}
    for change in fix.changes:
        by_file.setdefault(file_of(change), []).append(change)
    found = {}
    for file, changes in by_file.items():
        document = document_of(file)
        edits = None if document is None else render_in(document, Fix(fix.message, fix.applicability, tuple(changes)))
        if edits is None:
            return {}
        found[file] = edits
    return found


def file_of(change: Change) -> str:
    """The file a change is made in."""
    if isinstance(change, (_OnCall, WidenCall)):
        return change.call.span.file
    if isinstance(change, InitializeLayers):
        return change.owner.file
    return change.span.file


def _edits(document: Document, changes: Iterable[Change]) -> Iterator[Edit]:
    calls: dict[Span, CallChanges] = {}
    statements = StatementChanges(document)
    insertions = []
    for change in changes:
        if isinstance(change, InitializeLayers):
            insertions.append(change)
        elif isinstance(change, _OnCall):
            yield from _call_edits(document, change, _changes_of(document, calls, change.call))
        else:
            yield from _other_edits(document, change, statements)
    yield from initialize_layers(document, insertions, statements)
    for call in calls.values():
        yield from call.edits()
    yield from statements.edits()


def _joined(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that do something, as one where they meet: lines that are added at one place, an import's first,
    behind what is added to the line before them, and stretches that are removed."""
    added: dict[int, str] = {}
    inline: list[Edit] = []
    removed: list[Edit] = []
    for edit in edits:
        if edit.start < edit.end and not edit.content:
            removed.append(edit)
        elif edit.start == edit.end and edit.content.startswith(("\n", "\r")):
            if not added.get(edit.start, "").endswith(edit.content):
                added[edit.start] = added.get(edit.start, "") + edit.content
        elif edit.start == edit.end:
            inline += [edit] if edit.content else []
        else:
            yield edit
    for edit in inline:
        yield Edit(edit.start, edit.end, edit.content + added.pop(edit.start, ""))
    yield from (Edit(offset, offset, content) for offset, content in added.items())
    stretch: Edit | None = None
    for edit in sorted(removed):
        if stretch is not None and edit.start < stretch.end:
            stretch = Edit(stretch.start, max(stretch.end, edit.end), "")
            continue
        if stretch is not None:
            yield stretch
        stretch = edit
    if stretch is not None:
        yield stretch


def _changes_of(document: Document, calls: dict[Span, CallChanges], call: Call) -> CallChanges:
    if call.span not in calls:
        calls[call.span] = CallChanges(document, call.span, call.short_name)
    return calls[call.span]


def _call_edits(document: Document, change: _OnCall, arguments: CallChanges) -> Iterator[Edit]:
    match change:
        case SetArgument():
            arguments.set(change.name, change.value, change.position, change.replaces)
        case RemoveArgument():
            arguments.remove(change.name, change.position)
        case NameArgument():
            arguments.name(change.position, change.name)
        case RenameFunction():
            yield from renamed(document, arguments, change.call, change.function)
        case ReplaceInit():
            yield from replaced(document, arguments, change.call, change.function, change.arguments)


def _other_edits(document: Document, change: Change, statements: StatementChanges) -> Iterator[Edit]:
    match change:
        case DeleteStatement():
            place = document.place(change.span)
            small = isinstance(place.statement, cst.BaseSmallStatement)
            if small and (place.start, place.end) != document.source.offsets(change.span):
                raise Unreadable("the statement does more than what is to go")
            statements.delete(place)
        case MoveStatement():
            statements.move(document.place(change.span), document.place(change.anchor), change.after)
        case WrapStatement():
            place = document.place(change.span)
            _check_scope(document, place.start, change.parts)
            header = Filled(document, change.header, change.parts, place.start)
            statements.wrap(place, header.text)
            yield from header.imports
        case InsertAfter():
            place = document.place(change.span)
            _check_scope(document, place.start, change.parts)
            filled = [Filled(document, line, change.parts, place.start) for line in change.lines]
            statements.insert_after(place, template_lines((line.text for line in filled), place.unit))
            for line in filled:
                yield from line.imports
        case ReplaceExpression():
            start, end = document.source.offsets(change.span)
            expression = Filled(document, change.template, change.parts, start)
            yield from expression.edits(start, end)
            yield from expression.imports
        case WidenCall():
            yield from widened(document, change.call.span, change.span)
        case ReplaceComment():
            yield _comment_edit(document, change)
        case _:
            raise Unreadable(f"{type(change).__name__} cannot be written")


def _check_scope(document: Document, offset: int, parts: Iterable[Span]) -> None:
    """Raises Unreadable where a part stands in a lambda or comprehension: its names mean nothing at `offset`."""
    here = document.names.innermost(offset)
    if any(document.names.innermost(document.source.offsets(part)[0]) is not here for part in parts):
        raise Unreadable("a part has names of its own")


def _comment_edit(document: Document, change: ReplaceComment) -> Edit:
    """A comment that goes takes the blanks before it along, and its line where it has one for itself."""
    source, text = document.source, document.text
    start, end = source.offsets(change.span)
    if change.text:
        return Edit(start, end, change.text)
    first, last = source.line_extent(source.line_at(start))
    code = text[first:start].rstrip(" \t\f")
    if code or end < last:
        return Edit(first + len(code), end, "")
    following = source.line_starts[source.line_at(start):source.line_at(start) + 1]
    return Edit(first, following[0] if following and last < document.bounds(start)[1] else end, "")


def _still_python(document: Document, edits: tuple[Edit, ...]) -> bool:
    """Whether the top-level statements that the edits touch can be read afterwards."""
    starts = [0, *document.statement_starts, len(document.text)]
    regions: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        first = bisect_right(starts, edit.start, hi=len(starts) - 1) - 1
        last = max(bisect_right(starts, edit.end - 1, hi=len(starts) - 1), first + 1)
        low, high = starts[first], starts[last]
        if regions and low < regions[-1][1]:
            regions[-1] = (regions[-1][0], max(high, regions[-1][1]), [*regions[-1][2], edit])
        else:
            regions.append((low, high, [edit]))
    for low, high, inside in regions:
        before = document.text[low:high]
        after = apply(before, [Edit(edit.start - low, edit.end - low, edit.content) for edit in inside])
        if not _is_python(after) and (_is_python(before) or not _is_newer_python(after)):
            return False
    return True


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_newer_python(text: str) -> bool:
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError:
        return False
    return True
