"""Expressions of LibCST as expressions of `ast`."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import libcst as cst

from initlint.syntax.newer.positions import Positions
from initlint.syntax.newer.strings import literal_text, value_of

UNARY: Final[Mapping[str, type[ast.unaryop]]] = {
    "Plus": ast.UAdd, "Minus": ast.USub, "BitInvert": ast.Invert, "Not": ast.Not,
}
BINARY: Final[Mapping[str, type[ast.operator]]] = {
    "Add": ast.Add, "Subtract": ast.Sub, "Multiply": ast.Mult, "MatrixMultiply": ast.MatMult, "Divide": ast.Div,
    "FloorDivide": ast.FloorDiv, "Modulo": ast.Mod, "Power": ast.Pow, "LeftShift": ast.LShift,
    "RightShift": ast.RShift, "BitAnd": ast.BitAnd, "BitOr": ast.BitOr, "BitXor": ast.BitXor,
}
COMPARE: Final[Mapping[str, type[ast.cmpop]]] = {
    "Equal": ast.Eq, "NotEqual": ast.NotEq, "LessThan": ast.Lt, "LessThanEqual": ast.LtE, "GreaterThan": ast.Gt,
    "GreaterThanEqual": ast.GtE, "Is": ast.Is, "IsNot": ast.IsNot, "In": ast.In, "NotIn": ast.NotIn,
}
CONSTANTS: Final[Mapping[str, bool | None]] = {"True": True, "False": False, "None": None}
_BOOLEAN: Final[Mapping[type[cst.BaseBooleanOp], type[ast.boolop]]] = {cst.And: ast.And, cst.Or: ast.Or}
_LOAD: Final = ast.Load()


def identifier(name: str) -> str:
    """An identifier as the compiler knows it: in normal form NFKC."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def dotted(node: cst.BaseExpression) -> str:
    """The dotted name that a chain of attributes spells."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{identifier(node.attr.value)}"
    assert isinstance(node, cst.Name)
    return identifier(node.value)


def set_context(node: ast.expr, context: ast.expr_context) -> ast.expr:
    """`node` as the target of an assignment or deletion."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            set_context(element, context)
    elif isinstance(node, ast.Starred):
        set_context(node.value, context)
    if isinstance(node, (ast.Tuple, ast.List, ast.Starred, ast.Name, ast.Attribute, ast.Subscript)):
        node.ctx = context
    return node


class Expressions(Positions):
    """Turns expressions into their `ast`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._converters: Mapping[str, Callable[[Any], ast.expr]] = {
            "Attribute": self._attribute, "Await": self._await, "BinaryOperation": self._binary,
            "BooleanOperation": self._boolean, "Call": self._call, "Comparison": self._comparison,
            "ConcatenatedString": self._string, "Dict": self._dict, "DictComp": self._dict_comp,
            "Ellipsis": self._ellipsis, "Float": self._number, "FormattedString": self._string,
            "GeneratorExp": self._generator, "IfExp": self._if, "Imaginary": self._number, "Integer": self._number,
            "Lambda": self._lambda, "List": self._list, "ListComp": self._list_comp, "Name": self._name,
            "NamedExpr": self._named, "Set": self._set, "SetComp": self._set_comp, "SimpleString": self._string,
            "StarredDictComp": self._starred_dict_comp, "StarredElement": self._starred,
            "Subscript": self._subscript, "TemplatedString": self._string, "Tuple": self._tuple,
            "UnaryOperation": self._unary, "Yield": self._yield,
        }

    def expression(self, node: cst.BaseExpression) -> ast.expr:
        found = self._converters[type(node).__name__](node)
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)):
            return self.at(found, self.tuple_start(node), self.tuple_end(node))
        return self.like(found, node)

    def optional(self, node: cst.BaseExpression | None) -> ast.expr | None:
        return None if node is None else self.expression(node)

    def store(self, node: cst.BaseExpression) -> ast.expr:
        """A target of an assignment."""
        return set_context(self.expression(node), ast.Store())

    # names and constants

    def _name(self, node: cst.Name) -> ast.expr:
        if node.value in CONSTANTS:
            return ast.Constant(CONSTANTS[node.value])
        return ast.Name(identifier(node.value), _LOAD)

    def _ellipsis(self, node: cst.Ellipsis) -> ast.expr:
        return ast.Constant(...)

    def _number(self, node: cst.Integer | cst.Float | cst.Imaginary) -> ast.expr:
        return ast.Constant(value_of(node.value))

    def _string(self, node: cst.BaseString) -> ast.expr:
        parts: list[cst.BaseString] = []
        rest: cst.BaseString = node
        while isinstance(rest, cst.ConcatenatedString):
            parts.append(rest.left)
            rest = rest.right
        parts.append(rest)
        if all(isinstance(part, cst.SimpleString) for part in parts):
            values = [value_of(part.value) for part in parts if isinstance(part, cst.SimpleString)]
            first = parts[0]
            kind = "u" if isinstance(first, cst.SimpleString) and first.value[0] in "uU" else None
            joined: Any = b"".join(values) if isinstance(values[0], bytes) else "".join(values)
            return ast.Constant(joined, kind=kind)
        pieces: list[ast.expr] = []
        for part in parts:
            if isinstance(part, cst.SimpleString):
                kind = "u" if part.value[0] in "uU" else None
                _append_text(pieces, self.like(ast.Constant(value_of(part.value), kind=kind), part))
            else:
                self._fields(part, pieces)
        return ast.JoinedStr(pieces)

    def _fields(self, node: Any, pieces: list[ast.expr]) -> None:
        """The parts of one f-string (or template string) after the `pieces` so far."""
        if type(node).__name__ == "TemplatedString":
            self.requires(3, 14)
        raw = "r" in node.start.lower()
        quote = node.end
        for part in node.parts:
            self._part(part, pieces, quote, raw)

    def _part(self, part: Any, pieces: list[ast.expr], quote: str, raw: bool) -> None:
        if not hasattr(part, "expression"):
            _append_text(pieces, self.like(ast.Constant(literal_text(part.value, quote, raw)), part))
            return
        start, end = self.start(part), self.end(part)
        value = self.expression(part.expression)
        body = self.data[start + 1:self.end(part.whitespace_after_expression)]
        if b"\\" in body or b"#" in body or quote.encode() in body or (len(quote) == 1 and b"\n" in body):
            self.requires(3, 12)
        conversion = ord(part.conversion) if part.conversion else -1
        if part.equal is not None:
            text = body.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
            where = self.at(ast.Constant(text), start + 1, start + 1 + len(body))
            _append_text(pieces, where)
            if conversion < 0 and part.format_spec is None:
                conversion = ord("r")
        spec: ast.expr | None = None
        if part.format_spec is not None:
            inner: list[ast.expr] = []
            for piece in part.format_spec:
                self._part(piece, inner, quote, raw)
            first = self.start(part.format_spec[0]) if part.format_spec else end - 1
            spec = self.at(ast.JoinedStr(inner), first - 1, end - 1)
        pieces.append(self.at(ast.FormattedValue(value, conversion, spec), start, end))

    # operators

    def _unary(self, node: cst.UnaryOperation) -> ast.expr:
        return ast.UnaryOp(UNARY[type(node.operator).__name__](), self.expression(node.expression))

    def _binary(self, node: cst.BinaryOperation) -> ast.expr:
        operator = BINARY[type(node.operator).__name__]()
        return ast.BinOp(self.expression(node.left), operator, self.expression(node.right))

    def _boolean(self, node: cst.BooleanOperation) -> ast.expr:
        kind = type(node.operator)
        values = [node.right]
        left = node.left
        while isinstance(left, cst.BooleanOperation) and type(left.operator) is kind and not left.lpar:
            values.append(left.right)
            left = left.left
        values.append(left)
        return ast.BoolOp(_BOOLEAN[kind](), [self.expression(value) for value in reversed(values)])

    def _comparison(self, node: cst.Comparison) -> ast.expr:
        operators = [COMPARE[type(target.operator).__name__]() for target in node.comparisons]
        values = [self.expression(target.comparator) for target in node.comparisons]
        return ast.Compare(self.expression(node.left), operators, values)

    def _if(self, node: cst.IfExp) -> ast.expr:
        return ast.IfExp(self.expression(node.test), self.expression(node.body), self.expression(node.orelse))

    def _named(self, node: cst.NamedExpr) -> ast.expr:
        target = self.store(node.target)
        assert isinstance(target, ast.Name)
        return ast.NamedExpr(target, self.expression(node.value))

    def _await(self, node: cst.Await) -> ast.expr:
        return ast.Await(self.expression(node.expression))

    def _yield(self, node: cst.Yield) -> ast.expr:
        if isinstance(node.value, cst.From):
            return ast.YieldFrom(self.expression(node.value.item))
        return ast.Yield(self.optional(node.value))

    def _lambda(self, node: cst.Lambda) -> ast.expr:
        return ast.Lambda(self.parameters(node.params), self.expression(node.body))

    # access

    def _attribute(self, node: cst.Attribute) -> ast.expr:
        return ast.Attribute(self.expression(node.value), identifier(node.attr.value), _LOAD)

    def _subscript(self, node: cst.Subscript) -> ast.expr:
        return ast.Subscript(self.expression(node.value), self._slices(node.slice), _LOAD)

    def _slices(self, elements: Sequence[cst.SubscriptElement]) -> ast.expr:
        found = [self._slice(element.slice) for element in elements]
        last = elements[-1]
        star = isinstance(last.slice, cst.Index) and last.slice.star is not None
        if len(found) == 1 and not isinstance(last.comma, cst.Comma) and not star:
            return found[0]
        if star or any(isinstance(item, ast.Starred) for item in found):
            self.requires(3, 11)
        end = self.token_end(last.comma) if isinstance(last.comma, cst.Comma) else self._slice_end(last.slice)
        return self.at(ast.Tuple(found, _LOAD), self._slice_start(elements[0].slice), end)

    def _slice(self, node: cst.BaseSlice) -> ast.expr:
        start, end = self._slice_start(node), self._slice_end(node)
        if isinstance(node, cst.Index):
            value = self.expression(node.value)
            return value if node.star is None else self.at(ast.Starred(value, _LOAD), start, end)
        assert isinstance(node, cst.Slice)
        found = ast.Slice(self.optional(node.lower), self.optional(node.upper), self.optional(node.step))
        return self.at(found, start, end)

    def _slice_start(self, node: cst.BaseSlice) -> int:
        if isinstance(node, cst.Index):
            return self.outer_start(node.value) if node.star is None else self.start(node)
        assert isinstance(node, cst.Slice)
        return self.token_end(node.first_colon) - 1 if node.lower is None else self.outer_start(node.lower)

    def _slice_end(self, node: cst.BaseSlice) -> int:
        if isinstance(node, cst.Index):
            return self.outer_end(node.value)
        assert isinstance(node, cst.Slice)
        if node.step is not None:
            return self.outer_end(node.step)
        if isinstance(node.second_colon, cst.Colon):
            return self.token_end(node.second_colon)
        return self.token_end(node.first_colon) if node.upper is None else self.outer_end(node.upper)

    def _call(self, node: cst.Call) -> ast.expr:
        arguments, keywords = self.arguments(node.args)
        only = node.args[0].value if len(node.args) == 1 else None
        if isinstance(only, cst.GeneratorExp) and not only.lpar:
            # The parentheses of the call are those of the generator expression.
            self.at(arguments[0], self.end(node.whitespace_after_func), self.end(node))
        return ast.Call(self.expression(node.func), arguments, keywords)

    def arguments(self, nodes: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
        """The positional and the keyword arguments of a call or class."""
        values: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        for node in nodes:
            start, end = self.start(node), self.outer_end(node.value)
            value = self.expression(node.value)
            if node.star == "*":
                values.append(self.at(ast.Starred(value, _LOAD), start, end))
            elif node.star == "**" or node.keyword is not None:
                name = None if node.keyword is None else identifier(node.keyword.value)
                keywords.append(self.at(ast.keyword(name, value), start, end))
            else:
                values.append(value)
        return values, keywords

    def parameters(self, node: cst.Parameters) -> ast.arguments:
        positional = [*node.posonly_params, *node.params]
        return ast.arguments(
            posonlyargs=[self._parameter(param) for param in node.posonly_params],
            args=[self._parameter(param) for param in node.params],
            vararg=self._parameter(node.star_arg) if isinstance(node.star_arg, cst.Param) else None,
            kwonlyargs=[self._parameter(param) for param in node.kwonly_params],
            kw_defaults=[self.optional(param.default) for param in node.kwonly_params],
            kwarg=None if node.star_kwarg is None else self._parameter(node.star_kwarg),
            defaults=[self.expression(param.default) for param in positional if param.default is not None],
        )

    def _parameter(self, node: cst.Param) -> ast.arg:
        annotation = None if node.annotation is None else node.annotation.annotation
        if isinstance(annotation, cst.StarredElement):
            self.requires(3, 11)
        end = self.end(node.name) if annotation is None else self.outer_end(annotation)
        found = ast.arg(identifier(node.name.value), self.optional(annotation))
        return self.at(found, self.start(node.name), end)

    # displays and comprehensions

    def _tuple(self, node: cst.Tuple) -> ast.expr:
        return ast.Tuple(self._elements(node.elements), _LOAD)

    def _list(self, node: cst.List) -> ast.expr:
        return ast.List(self._elements(node.elements), _LOAD)

    def _set(self, node: cst.Set) -> ast.expr:
        return ast.Set(self._elements(node.elements))

    def _elements(self, nodes: Sequence[cst.BaseElement]) -> list[ast.expr]:
        return [self.expression(node if isinstance(node, cst.StarredElement) else node.value) for node in nodes]

    def _starred(self, node: cst.StarredElement) -> ast.expr:
        return ast.Starred(self.expression(node.value), _LOAD)

    def _dict(self, node: cst.Dict) -> ast.expr:
        keys = [self.expression(item.key) if isinstance(item, cst.DictElement) else None for item in node.elements]
        return ast.Dict(keys, [self.expression(item.value) for item in node.elements])

    def _generator(self, node: cst.GeneratorExp) -> ast.expr:
        return ast.GeneratorExp(self._unpacked(node.elt), self._generators(node.for_in))

    def _list_comp(self, node: cst.ListComp) -> ast.expr:
        return ast.ListComp(self._unpacked(node.elt), self._generators(node.for_in))

    def _set_comp(self, node: cst.SetComp) -> ast.expr:
        return ast.SetComp(self._unpacked(node.elt), self._generators(node.for_in))

    def _dict_comp(self, node: cst.DictComp) -> ast.expr:
        return ast.DictComp(self.expression(node.key), self.expression(node.value), self._generators(node.for_in))

    def _starred_dict_comp(self, node: Any) -> ast.expr:
        self.requires(3, 15)
        value = self.expression(node.value)
        starred = self.at(ast.Starred(value, _LOAD), self.outer_start(node.value), self.outer_end(node.value))
        return ast.SetComp(starred, self._generators(node.for_in))

    def _unpacked(self, node: cst.BaseExpression) -> ast.expr:
        if isinstance(node, cst.StarredElement):
            self.requires(3, 15)
        return self.expression(node)

    def _generators(self, node: cst.CompFor) -> list[ast.comprehension]:
        found = []
        inner: cst.CompFor | None = node
        while inner is not None:
            tests = [self.expression(test.test) for test in inner.ifs]
            iterable = self.expression(inner.iter)
            is_async = int(inner.asynchronous is not None)
            found.append(ast.comprehension(self.store(inner.target), iterable, tests, is_async))
            inner = inner.inner_for_in
        return found


def _append_text(pieces: list[ast.expr], text: ast.Constant) -> None:
    """`text` after `pieces`, joined to the text before it, as the parser joins them."""
    last = pieces[-1] if pieces else None
    if isinstance(last, ast.Constant):
        assert isinstance(last.value, str)
        assert isinstance(text.value, str)
        last.value += text.value
        last.end_lineno, last.end_col_offset = text.end_lineno, text.end_col_offset
    elif text.value:
        pieces.append(text)
