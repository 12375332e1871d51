"""Code actions: one fix, all fixes of a rule, all fixes of a file, and comments that silence a finding.

Edits come from the one room of fixes. Single fixes are written out as they are; many at once go through the same
rounds of checking as on the command line, in the engine, and only when the client asks for that action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from lsprotocol import types as lsp

from initlint.lint import lint
from initlint.model.finding import Applicability, Finding
from initlint.report.document import NAME
from initlint.server.analysis import Result
from initlint.server.documents import Document, Part, uri_of
from initlint.server.linting import memory_of
from initlint.server.worker import Token
from initlint.session import with_sources
from initlint.suppress.noqa import noqa_edits
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source, read

FIX_ALL: Final = f"source.fixAll.{NAME}"
KINDS: Final = (lsp.CodeActionKind.QuickFix, FIX_ALL)

Changes = Mapping[Document | Source, tuple[Edit, ...]]


@dataclass(frozen=True)
class Wanted:
    """What a client asks for. `only` are the kinds it limits itself to, None where it takes all."""

    uri: str
    range: lsp.Range
    diagnostics: tuple[lsp.Diagnostic, ...]
    only: tuple[str, ...] | None
    lazy: bool                     # the client asks for the edit of an action it has chosen
    fix_all: bool                  # the user wants the action that fixes a whole file
    disable_comment: bool          # the user wants the actions that silence findings

    def takes(self, kind: str) -> bool:
        return self.only is None or any(kind == one or kind.startswith(f"{one}.") for one in self.only)

    @property
    def fix_all_kind(self) -> str:
        """Some clients keep only actions of exactly the kind they asked for."""
        return "source.fixAll" if self.only is not None and "source.fixAll" in self.only else FIX_ALL


def actions(token: Token, result: Result, wanted: Wanted) -> list[lsp.CodeAction]:
    """The actions on a stretch of a document. Runs in the engine."""
    found: list[lsp.CodeAction] = []
    if wanted.takes(lsp.CodeActionKind.QuickFix.value):
        found += _quick_fixes(result, wanted, token)
    if wanted.fix_all and wanted.takes(FIX_ALL) and any(_applies(result, finding) for finding in result.findings):
        action = lsp.CodeAction(f"{NAME}: fix all", kind=wanted.fix_all_kind, data=_data(wanted.uri))
        if not wanted.lazy or wanted.only is not None:
            action.edit = workspace_edit(result, fixed(result, None))
            if action.edit is None:
                return found
        found.append(action)
    return found


def _quick_fixes(result: Result, wanted: Wanted, token: Token) -> Iterator[lsp.CodeAction]:
    touched = list(_touched(result, wanted))
    fixes = [(finding, level) for finding, _ in touched if (level := _level(result, finding)) is not None]
    writer = _Writer(result)
    first = True
    for finding, level in fixes:
        token.check()
        edits = writer.edits(finding)
        edit = workspace_edit(result, edits) if edits else None
        if edit is None or finding.fix is None:
            continue
        risk = "" if level is Applicability.SAFE else " (unsafe: changes numbers)"
        yield lsp.CodeAction(
            f"{NAME} ({finding.code}): {finding.fix.message}{risk}",
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=_matching(finding, touched, wanted) or None,
            is_preferred=first and level is Applicability.SAFE,
            edit=edit,
        )
        first = False
    for code in sorted({finding.code for finding, _ in fixes}):
        if sum(finding.code == code and _level(result, finding) is not None for finding in result.findings) > 1:
            action = lsp.CodeAction(
                f"{NAME}: fix all {code} in this file", kind=lsp.CodeActionKind.QuickFix, data=_data(wanted.uri, code)
            )
            if not wanted.lazy:
                action.edit = workspace_edit(result, fixed(result, code))
            if wanted.lazy or action.edit is not None:
                yield action
    if wanted.disable_comment:
        for finding, _ in touched:
            edit = workspace_edit(result, {result.document: noqa_edits(result.document.text, [finding])})
            if edit is not None:
                yield lsp.CodeAction(
                    f"{NAME}: disable {finding.code} for this line",
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=_matching(finding, touched, wanted) or None,
                    edit=edit,
                )


def _touched(result: Result, wanted: Wanted) -> Iterator[tuple[Finding, lsp.Range]]:
    """The findings that share a place with the wanted stretch."""
    bounds = result.document.offsets(wanted.uri, wanted.range)
    if bounds is None or not isinstance(result.document.source, Source):
        return
    for finding in result.findings:
        start, end = result.document.text.offsets(finding.span)
        place = result.document.span(finding.span)
        if start <= bounds[1] and bounds[0] <= end and place is not None and place[0].uri == wanted.uri:
            yield finding, place[1]


def _matching(
    finding: Finding, touched: Iterable[tuple[Finding, lsp.Range]], wanted: Wanted
) -> list[lsp.Diagnostic]:
    """The client's own diagnostics for a finding, so that it knows what an action settles."""
    places = [where for other, where in touched if other is finding]
    return [each for each in wanted.diagnostics if each.code == finding.code and each.range in places]


def _level(result: Result, finding: Finding) -> Applicability | None:
    """The risk of a finding's fix; None where it has none, or the configuration does not want it."""
    if finding.fix is None:
        return None
    return result.settings.for_file(finding.span.file).applicability(finding.code, finding.fix.applicability)


def _applies(result: Result, finding: Finding) -> bool:
    """Whether fixing the whole file takes this fix in."""
    level = _level(result, finding)
    unsafe = result.settings.for_file(finding.span.file).unsafe_fixes
    return level is Applicability.SAFE or (level is Applicability.UNSAFE and unsafe is True)


def fix_edit(token: Token, result: Result, code: str | None) -> lsp.WorkspaceEdit | None:
    """All fixes of a file (of one rule), None where there are none. Runs in the engine."""
    return workspace_edit(result, fixed(result, code))


def fixed(result: Result, code: str | None) -> Changes:
    """The edits of all fixes of one rule, or of all that apply without being asked for."""
    from initlint.fix.apply import fix_source

    source = result.document.text

    def relint(candidate: Source) -> tuple[Finding, ...]:
        inputs = with_sources(result.inputs, [candidate])
        memory = None if result.home is None else memory_of(result.home)
        report = lint(inputs, result.settings, project=result.project, cache=memory, layers=False)
        return next((file.findings for file in report.files if file.path == candidate.path), ())

    def allowed(finding: Finding) -> bool:
        if code is None:
            return _applies(result, finding)
        return finding.code == code and _level(result, finding) is not None

    outcome = fix_source(source, result.findings, relint, allowed)
    return {result.document: difference(source, outcome.source)} if outcome.applied else {}


def difference(old: Source, new: Source) -> tuple[Edit, ...]:
    """The edits of whole lines that make one source of the other; in a notebook, inside each cell."""
    if old.notebook is None or new.notebook is None:
        return tuple(_difference(old.text, new.text, 0))
    cells = zip(old.notebook.cells, new.notebook.cells, strict=True)
    return tuple(
        edit
        for before, after in cells
        for edit in _difference(old.text[before.start:before.end], new.text[after.start:after.end], before.start)
    )


def _difference(old: str, new: str, start: int) -> Iterator[Edit]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    places = [start]
    for line in before:
        places.append(places[-1] + len(line))
    matcher = SequenceMatcher(None, before[same:], after[same:], autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            content = "".join(after[same + new_first:same + new_last])
            yield Edit(places[same + first], places[same + last], content)


class _Writer:
    """Writes out single fixes, with what was read of their files kept."""

    def __init__(self, result: Result) -> None:
        from initlint.fix.document import Document as FixDocument

        self._result = result
        self._new: Callable[[Source], FixDocument] = FixDocument
        self._read: dict[str, FixDocument | None] = {}

    def edits(self, finding: Finding) -> Changes:
        from initlint.fix.render import render_files

        if finding.fix is None:
            return {}
        found = render_files(finding.fix, self._document)
        return {self._owner(path): edits for path, edits in found.items()}

    def _document(self, path: str) -> Any:
        if path not in self._read:
            owner = self._result.documents.get(path)
            source = read(path) if owner is None else owner.source
            self._read[path] = self._new(source) if isinstance(source, Source) else None
        return self._read[path]

    def _owner(self, path: str) -> Document | Source:
        owner = self._result.documents.get(path)
        if owner is not None:
            return owner
        source: Source = self._read[path].source  # type: ignore[union-attr]
        return source


def workspace_edit(result: Result, changes: Changes) -> lsp.WorkspaceEdit | None:
    """`changes` for the client, each bound to the version it was made for; None where there are none, or one cannot
    be told in the client's documents."""
    found: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
    for owner, edits in changes.items():
        by_part: dict[str, tuple[Part, list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit]]] = {}
        document = owner if isinstance(owner, Document) else _closed(owner, result.document)
        for edit in edits:
            place = document.range(edit.start, edit.end)
            if place is None or edit.end > place[0].end + 1:
                return None
            part, where = place
            # what stands between two cells in the source is in neither
            content = edit.content.removesuffix("\n") if edit.end > part.end else edit.content
            by_part.setdefault(part.uri, (part, []))[1].append(lsp.TextEdit(where, content))
        for part, texts in by_part.values():
            name = lsp.OptionalVersionedTextDocumentIdentifier(uri=part.uri, version=part.version)
            found.append(lsp.TextDocumentEdit(name, texts))
    return lsp.WorkspaceEdit(document_changes=found) if found else None


def _closed(source: Source, like: Document) -> Document:
    """A file on disk as a document, for edits of it. Not for notebooks, whose cells only an open one has."""
    parts = () if source.is_notebook else (Part(uri_of(source.path), None, source),)
    return Document(source.path, uri_of(source.path), None, source, parts, like.units)


def _data(uri: str, code: str | None = None) -> dict[str, str | None]:
    return {"uri": uri, "code": code}
