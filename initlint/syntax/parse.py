"""Text to `ast` tree.

`ast.parse` first: it is ten times faster than anything else. Where the running Python is older than the
syntax of the file, LibCST reads it and `newer` turns its tree into the same nodes.
"""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Final

from initlint.syntax.source import Fault, Source

NEWEST_GRAMMAR: Final = (3, 15)
"""The newest grammar that LibCST reads: from that Python on, there is nothing it could add."""

TOO_DEEP: Final = "nested too deeply to be read"


def parse(source: Source) -> ast.Module | Fault:
    """The tree of a source, or why there is none. Positions are those of `ast`. Never raises."""
    found = parse_text(source.text)
    if isinstance(found, ast.Module):
        return found
    fault, syntax = found
    if syntax and sys.version_info < NEWEST_GRAMMAR:
        from initlint.syntax.newer import parse_newer  # imports LibCST and its metadata

        return parse_newer(source) or fault
    return fault


def parse_text(text: str) -> ast.Module | tuple[Fault, bool]:
    """The tree that the running Python reads, or the fault and whether a newer grammar might do."""
    if "\0" in text:
        return _fault_at("holds a NUL character", text, text.index("\0")), False
    with warnings.catch_warnings():
        # Invalid escapes and the like warn while parsing; where warnings are errors, they would raise.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            message = error.msg.partition(" - ")[0] or "invalid syntax"      # after the dash comes advice
            return _fault(message, error.lineno, error.offset), "too many" not in message
        except (RecursionError, MemoryError):
            return Fault(TOO_DEEP), False
        except UnicodeEncodeError as error:
            return _fault_at("holds half of a surrogate pair", text, error.start), False
        except (ValueError, OverflowError, SystemError) as error:
            return Fault(str(error) or type(error).__name__), False


def _fault(message: str, line: int | None, column: int | None) -> Fault:
    return Fault(message, max(line or 1, 1), max(column or 1, 1))


def _fault_at(message: str, text: str, offset: int) -> Fault:
    return Fault(message, *Source("", text).position(offset))
