"""What the client has open: text documents and notebooks as sources, and the ways between their positions.

A notebook is one source, as it is on disk; its code cells are text documents of their own, so a place in it is a
cell and a position there.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument, Workspace

from initlint.model.pickling import PickledByFields
from initlint.model.source import Span
from initlint.syntax.notebook import Cell
from initlint.syntax.source import Fault, Source, Units, from_text

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

# pygls splits documents with str.splitlines(), which also breaks at form feeds and the line separators of
# Unicode. The protocol knows LF, CR LF and CR alone: after such a character, edits would land on the wrong line.
TextDocument.lines = property(lambda self: tuple(_LINE.findall(self.source)))  # type: ignore[method-assign,assignment]


@dataclass(frozen=True)
class Part:
    """One text document: a whole file, or a code cell of a notebook. `text` has the client's text; `start` is its
    place in the source of the document, `lead` the length of the byte order mark that the source leaves out."""

    uri: str
    version: int | None
    text: Source
    start: int = 0
    lead: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text.text) - self.lead


@dataclass(frozen=True)
class Document(PickledByFields):
    """An open file or notebook as it was at one moment. `key` is its path, or the URI of what is no file."""

    key: str
    uri: str
    version: int | None
    source: Source | Fault
    parts: tuple[Part, ...]
    units: Units
    is_notebook: bool = False

    @property
    def text(self) -> Source:
        """The source; an empty one where the text cannot be read."""
        return self.source if isinstance(self.source, Source) else Source(self.key, "")

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(part.start for part in self.parts)

    def part(self, uri: str) -> Part | None:
        return next((part for part in self.parts if unquote(part.uri) == unquote(uri)), None)

    def part_at(self, offset: int) -> Part | None:
        """The part that holds an offset of the source; None in a notebook without code."""
        index = bisect_right(self._starts, offset) - 1
        return self.parts[index] if index >= 0 else None

    def position(self, part: Part, offset: int) -> lsp.Position:
        """The client's position of an offset of the source, held inside `part`."""
        inside = min(max(offset - part.start, 0), part.end - part.start)
        return lsp.Position(*part.text.units(inside + part.lead, self.units))

    def range(self, start: int, end: int) -> tuple[Part, lsp.Range] | None:
        """Where the client has a stretch of the source. One that runs over several cells ends with the first."""
        part = self.part_at(start)
        if part is None:
            return None
        return part, lsp.Range(self.position(part, start), self.position(part, end))

    def span(self, span: Span) -> tuple[Part, lsp.Range] | None:
        if isinstance(self.source, Fault):
            return self._fault(span)
        return self.range(*self.source.offsets(span))

    def _fault(self, span: Span) -> tuple[Part, lsp.Range] | None:
        """The place of a fault in a text that cannot be read at all."""
        if not self.parts:
            return None
        part = self.parts[0]
        start = part.text.offset(span.line, span.column)
        end = part.text.offset(span.end_line, span.end_column)
        return part, lsp.Range(self.position(part, start), self.position(part, end))

    def offset(self, uri: str, position: lsp.Position) -> int | None:
        """The offset of a client's position; None where `uri` is no part of the document."""
        part = self.part(uri)
        if part is None:
            return None
        inside = part.text.from_units(max(position.line, 0), max(position.character, 0), self.units)
        return part.start + max(inside - part.lead, 0)

    def offsets(self, uri: str, span: lsp.Range) -> tuple[int, int] | None:
        start, end = self.offset(uri, span.start), self.offset(uri, span.end)
        return None if start is None or end is None else (start, max(start, end))


def key_of(uri: str) -> str:
    """The name of a document for the engine: the absolute path of a file, else the URI itself."""
    path = to_fs_path(uri)
    return os.path.normpath(path) if path and os.path.isabs(path) and "\0" not in path else uri


def uri_of(path: str) -> str:
    return (from_fs_path(path) or path) if os.path.isabs(path) else path


def is_python(document: TextDocument) -> bool:
    """By what the client says it is, where it says something, else by its name."""
    if document.language_id:
        return document.language_id == "python"
    return document.uri.endswith((".py", ".pyi"))


@dataclass
class Documents:
    """The open documents by key, read from the client's texts when they are first asked for after a change."""

    workspace: Workspace
    _read: dict[str, Document] = field(default_factory=dict)

    def key(self, uri: str) -> str:
        """The key of the document that a text document is or belongs to."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        return key_of(notebook.uri if notebook is not None else uri)

    def changed(self, uri: str) -> str:
        """Forgets what was read of the document that holds `uri`; its key."""
        key = self.key(uri)
        self._read.pop(key, None)
        return key

    def forget(self, key: str) -> None:
        self._read.pop(key, None)

    def opened(self) -> Mapping[str, str]:
        """The URIs of open Python files and notebooks, by key."""
        found = {}
        for document in list(self.workspace.text_documents.values()):
            if self.workspace.get_notebook_document(cell_uri=document.uri) is None and is_python(document):
                found[key_of(document.uri)] = document.uri
        for notebook in list(self.workspace.notebook_documents.values()):
            found[key_of(notebook.uri)] = notebook.uri
        return dict(sorted(found.items()))

    def get(self, key: str) -> Document | None:
        """The document as it is now; the same object as long as nothing changes. None where it is not open."""
        found = self._read.get(key)
        if found is None:
            uri = self.opened().get(key)
            found = None if uri is None else self._document(key, uri)
            if found is not None:
                self._read[key] = found
        return found

    def at(self, uri: str) -> Document | None:
        return self.get(self.key(uri))

    @property
    def units(self) -> Units:
        encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        return "utf-8" if encoding == "utf-8" else "utf-32" if encoding == "utf-32" else "utf-16"

    def _document(self, key: str, uri: str) -> Document | None:
        notebook = self.workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            return self._notebook(key, notebook)
        document = self.workspace.text_documents.get(unquote(uri))
        if document is None:
            return None
        text = document.source
        name = key[:-6] + ".py" if key.endswith(".ipynb") else key      # a notebook opened as mere text is JSON
        source = from_text(text, name) if name == key else Fault("is a notebook opened as text")
        lead = len(text) - len(source.text) if isinstance(source, Source) else 0
        told = source if isinstance(source, Source) and not lead else Source(key, text)
        part = Part(document.uri, document.version, told, 0, lead)
        return Document(key, document.uri, document.version, source, (part,), self.units)

    def _notebook(self, key: str, notebook: lsp.NotebookDocument) -> Document:
        """The cells as the notebook's file would hold them, so that the one reader of notebooks reads them."""
        texts = [self.workspace.text_documents.get(unquote(cell.document)) for cell in notebook.cells]
        cells: list[dict[str, object]] = []
        for cell, text in zip(notebook.cells, texts, strict=True):
            code = cell.kind is lsp.NotebookCellKind.Code and text is not None and is_python(text)
            source = text.source if code and text is not None else ""
            cells.append({"cell_type": "code" if code else "raw", "metadata": {}, "source": source})
        name = key if key.endswith(".ipynb") else key + ".ipynb"
        source = from_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), name)
        if isinstance(source, Source) and name != key:
            source = Source(key, source.text, notebook=source.notebook)
        parts = tuple(self._parts(source, texts)) if isinstance(source, Source) else ()
        return Document(key, notebook.uri, notebook.version, source, parts, self.units, True)

    @staticmethod
    def _parts(source: Source, texts: list[TextDocument | None]) -> Iterator[Part]:
        cells: tuple[Cell, ...] = source.notebook.cells if source.notebook is not None else ()
        for cell in cells:
            text = texts[cell.number - 1]
            if text is not None:
                yield Part(text.uri, text.version, Source(text.uri, text.source), cell.start)
