"""Patterns of LibCST as patterns of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst

from initlint.syntax.newer.expressions import CONSTANTS, Expressions, identifier


class Patterns(Expressions):
    """Turns the patterns of `case` into their `ast`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._patterns: Mapping[str, Callable[[Any], ast.pattern]] = {
            "MatchAs": self._as, "MatchClass": self._class_pattern, "MatchList": self._sequence,
            "MatchMapping": self._mapping, "MatchOr": self._or, "MatchSingleton": self._singleton,
            "MatchStar": self._star, "MatchTuple": self._sequence, "MatchValue": self._value,
        }

    def pattern(self, node: cst.MatchPattern | cst.MatchStar) -> ast.pattern:
        found = self._patterns[type(node).__name__](node)
        place = node.value if isinstance(node, (cst.MatchValue, cst.MatchSingleton)) else node
        start, end = self.start(place), self.end(place)
        if isinstance(node, cst.MatchTuple) and node.lpar:
            start, end = self.start(node.lpar[-1]), self.end(node.rpar[0])
        elif isinstance(node, cst.MatchSequence) and node.patterns and not getattr(node, "lbracket", None):
            last = node.patterns[-1]
            end = self.token_end(last.comma) if isinstance(last.comma, cst.Comma) else self._element_end(last)
        elif isinstance(node, cst.MatchStar):
            end = self._element_end(node)
        elif isinstance(node, cst.MatchOr):
            end = self.pattern_end(node.patterns[-1].pattern)
        return self.at(found, start, end)

    def pattern_end(self, node: cst.MatchPattern) -> int:
        """Where a pattern ends with the parentheses around it."""
        if isinstance(node, (cst.MatchValue, cst.MatchSingleton)):
            return self.outer_end(node.value)
        rpar = getattr(node, "rpar", ())
        return self.end(rpar[-1]) if rpar else self.end(node)

    def _element_end(self, node: cst.MatchSequenceElement | cst.MatchStar) -> int:
        if isinstance(node, cst.MatchStar):
            return self.end(node.whitespace_before_name) + 1 if node.name is None else self.end(node.name)
        return self.pattern_end(node.value)

    def _elements_of(self, nodes: Sequence[cst.MatchSequenceElement | cst.MatchStar]) -> list[ast.pattern]:
        return [self.pattern(node if isinstance(node, cst.MatchStar) else node.value) for node in nodes]

    def _value(self, node: cst.MatchValue) -> ast.pattern:
        return ast.MatchValue(self.expression(node.value))

    def _singleton(self, node: cst.MatchSingleton) -> ast.pattern:
        return ast.MatchSingleton(CONSTANTS[node.value.value])

    def _sequence(self, node: cst.MatchSequence) -> ast.pattern:
        return ast.MatchSequence(self._elements_of(node.patterns))

    def _star(self, node: cst.MatchStar) -> ast.pattern:
        return ast.MatchStar(None if node.name is None else identifier(node.name.value))

    def _mapping(self, node: cst.MatchMapping) -> ast.pattern:
        keys = [self.expression(element.key) for element in node.elements]
        patterns = [self.pattern(element.pattern) for element in node.elements]
        return ast.MatchMapping(keys, patterns, None if node.rest is None else identifier(node.rest.value))

    def _class_pattern(self, node: cst.MatchClass) -> ast.pattern:
        names = [identifier(element.key.value) for element in node.kwds]
        values = [self.pattern(element.pattern) for element in node.kwds]
        return ast.MatchClass(self.expression(node.cls), self._elements_of(node.patterns), names, values)

    def _as(self, node: cst.MatchAs) -> ast.pattern:
        inner = None if node.pattern is None else self.pattern(node.pattern)
        return ast.MatchAs(inner, None if node.name is None else identifier(node.name.value))

    def _or(self, node: cst.MatchOr) -> ast.pattern:
        return ast.MatchOr([self.pattern(element.pattern) for element in node.patterns])
