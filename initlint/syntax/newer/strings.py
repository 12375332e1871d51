"""What literals spell."""

from __future__ import annotations

import ast
import warnings
from typing import Any


def value_of(literal: str) -> Any:
    """The value of a number or a string without fields."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")      # escapes that mean nothing
        return ast.literal_eval(literal)


def literal_text(text: str, quote: str, raw: bool) -> str:
    """The value of a literal part of an f-string between `quote`s."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("{{", "{").replace("}}", "}")
    if raw or "\\" not in text:
        return text
    if (len(text) - len(text.rstrip("\\"))) % 2:
        text += "\\"                         # a backslash before a field stands for itself
    if text.startswith(quote[0]) or text.endswith(quote[0]):
        # Only between triple quotes can a part begin or end with the quote: a field stood beside it.
        text = text.replace(quote[0], "\\" + quote[0]) if "\\" + quote[0] not in text else text
    value = value_of(f"{quote}{text}{quote}")
    assert isinstance(value, str)
    return value
