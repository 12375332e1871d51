"""What a document shows besides findings: hovers, inlay hints beside layers, lenses on init calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lsprotocol import types as lsp

from initlint.model.report import LayerRow
from initlint.report.document import rule_url
from initlint.rules.registry import Entry, entries
from initlint.server.analysis import Result
from initlint.server.documents import Document, uri_of
from initlint.server.facts import hint, page, reached
from initlint.syntax.source import Source
from initlint.syntax.suppressions import mentions, suppressions

_NO_COMMAND: Final = ""       # editors show a lens without a command as plain text


def hover(document: Document, result: Result | None, uri: str, position: lsp.Position) -> lsp.Hover | None:
    """A rule where its code stands in a suppression; else the layer, or the layers an init call reaches. `result` may
    be of an older text."""
    offset = document.offset(uri, position)
    if offset is None:
        return None
    return _rule(document, offset) or (_layer(document, result, offset) if result is not None else None)


def _rule(document: Document, offset: int) -> lsp.Hover | None:
    source = document.text
    line_start, line_end = source.line_extent(source.line_at(offset))
    if not mentions(Source("", source.text[line_start:line_end])):
        return None
    for item in suppressions(source).items:
        for selector in item.selectors:
            if selector.start <= offset <= selector.end:
                known = [entry for entry in entries().values() if selector.selects(entry.rule.code, entry.rule.name)]
                return _hover(document, selector.start, selector.end, _rules(known)) if known else None
    return None


def _rules(known: list[Entry]) -> str:
    """The documentation of a rule; of several, which they are."""
    if len(known) == 1:
        rule = known[0].rule
        return f"**[{rule.code}]({rule_url(rule.name)})** {rule.name}\n\n{known[0].documentation.strip()}"
    return "\n".join(f"- **{entry.rule.code}** {entry.rule.name}: {entry.summary}" for entry in known)


def _layer(document: Document, result: Result, offset: int) -> lsp.Hover | None:
    then = moved(document.text, result.document.text, offset)
    if then is None:
        return None
    cwd = result.settings.root
    rows = layers_at(result, then)
    if rows:
        text = "\n\n---\n\n".join(page(row, cwd) for row in rows)
        start, end = extent(result.document.text, rows[0])
        shift = offset - then
        inside = start <= then <= end
        return _hover(document, start + shift, end + shift, text) if inside else _hover(document, offset, offset, text)
    line = result.document.text.line_at(then)
    reaching = [row for row in result.report.layers if _starts_at(row, result.document.key, line)]
    if not reaching:
        return None
    return _hover(document, offset, offset, f"initialises the weight of {reached(reaching)}")


def _hover(document: Document, start: int, end: int, text: str) -> lsp.Hover:
    place = document.range(start, end) if start < end else None
    contents = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.Hover(contents, None if place is None else place[1])


def layers_at(result: Result, offset: int) -> list[LayerRow]:
    """The layers whose constructor call holds `offset`, the innermost; else those built on its line."""
    source = result.document.text
    line = source.line_at(offset)
    places = [(extent(source, row), row) for row in result.layers if row.line <= line <= row.end_line]
    around = [(end - start, row) for (start, end), row in places if start <= offset <= end]
    if around:
        smallest = min(size for size, _ in around)
        return [row for size, row in around if size == smallest]
    return [row for row in result.layers if row.line == line]


def extent(source: Source, row: LayerRow) -> tuple[int, int]:
    """The offsets of a layer's constructor call."""
    starts = source.line_starts
    last = len(starts)
    start = starts[min(row.line, last) - 1] + row.column - 1
    return start, starts[min(row.end_line, last) - 1] + row.end_column - 1


def moved(now: Source, then: Source, offset: int) -> int | None:
    """Where a character stood in an older text; None where it lies in what changed since."""
    if now is then or now.text == then.text:
        return offset
    new, old = now.text, then.text
    shorter = min(len(new), len(old))
    same = _common(new, old, shorter)
    if offset < same:
        return offset
    tail = _common(new[::-1], old[::-1], shorter - same)
    return offset - len(new) + len(old) if offset >= len(new) - tail else None


def _common(first: str, second: str, most: int) -> int:
    """The length of the common beginning, at most `most`: by halving, so that the comparing is done in C."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def inlay_hints(result: Result, uri: str, within: lsp.Range) -> list[lsp.InlayHint]:
    """One beside each layer's constructor of which it is known what follows. Layers built by one call share a hint."""
    document = result.document
    bounds = document.offsets(uri, within)
    if bounds is None:
        return []
    labels: dict[int, dict[str, LayerRow]] = {}
    for row in result.layers:
        _, end = extent(document.text, row)
        label = hint(row) if bounds[0] <= end <= bounds[1] else None
        if label is not None:
            labels.setdefault(end, {})[label] = row
    found = []
    for end, rows in sorted(labels.items()):
        part = document.part_at(end)
        if part is None or part.uri != uri:
            continue
        text = next(iter(rows)) if len(rows) == 1 else f"{next(iter(rows))} (+{len(rows) - 1})"
        tooltip = "\n\n---\n\n".join(page(row, result.settings.root) for row in rows.values())
        found.append(
            lsp.InlayHint(
                position=document.position(part, end),
                label=text,
                kind=lsp.InlayHintKind.Type,
                padding_left=True,
                tooltip=lsp.MarkupContent(lsp.MarkupKind.Markdown, tooltip),
            )
        )
    return found


def lenses(result: Result, uri: str, command: str | None) -> list[lsp.CodeLens]:
    """One on each line whose init call reaches layers. `command` is the client's for showing places, None where it
    has none: it takes the URI, a position, and the locations."""
    found = []
    for line, rows in sorted(_reached(result).items()):
        start, end = result.document.text.line_extent(line)
        lead = len(result.document.text.text[start:end]) - len(result.document.text.text[start:end].lstrip())
        place = result.document.range(start + lead, end)
        if place is None or place[0].uri != uri:
            continue
        title = f"initialises {reached(rows)}"
        shown = lsp.Command(title, _NO_COMMAND)
        if command is not None:
            shown = lsp.Command(title, command, arguments=[uri, place[1].start, list(_locations(result, rows))])
        found.append(lsp.CodeLens(place[1], shown))
    return found


def _reached(result: Result) -> dict[int, list[LayerRow]]:
    """The layers of the program that init calls of this document leave in their final state, by line."""
    found: dict[int, list[LayerRow]] = {}
    for row in result.report.layers:
        lines = {init.line for init in row.inits if init.file == result.document.key and init.line is not None}
        for line in lines:
            found.setdefault(line, []).append(row)
    return found


def _starts_at(row: LayerRow, file: str, line: int) -> bool:
    return any(init.file == file and init.line == line for init in row.inits)


def _locations(result: Result, rows: list[LayerRow]) -> Iterator[lsp.Location]:
    for row in rows:
        document = result.documents.get(row.file)
        if document is not None:
            place = document.range(*extent(document.text, row))
            if place is not None:
                yield lsp.Location(place[0].uri, place[1])
            continue
        start = lsp.Position(row.line - 1, row.column - 1)
        yield lsp.Location(uri_of(row.file), lsp.Range(start, lsp.Position(row.end_line - 1, row.end_column - 1)))
