"""From an expression in the sources to the texts that it may become."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, product

from docs.sources import Product, Source, called

# They change how a text is shown, not what it says.
SHOWING = frozenset(("cleaned", "escape", "quoted", "rstrip", "str", "strip", "visible"))
_MOST_ALTERNATIVES = 24


class UnknownTextError(Exception):
    """An expression of which no word is in the sources; `str()` is the expression."""


@dataclass
class Reader:
    """Reads texts out of the sources, and remembers which parts of the sources it has read."""

    sources: Product
    read: set[ast.AST] = field(default_factory=set)

    def texts(self, node: ast.expr, source: Source) -> list[str]:  # noqa: C901, PLR0911 - one line a form
        """Every text that the expression may be, with `{names}` for what is known only when it runs."""
        match node:
            case ast.Constant(value=str() as text):
                self.read.add(node)
                return [text]
            case ast.Constant(value=None):
                return []
            case ast.JoinedStr(values=parts):
                self.read.add(node)
                return _joined(self._inserted(part, source) for part in parts)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _joined(self._some_of([left, right], source))
            case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str() as text)):
                return [f"({text})"]
            case ast.IfExp(body=body, orelse=other):
                return list(chain(*self._some_of([body, other], source)))
            case ast.BoolOp(values=values):
                return list(chain(*self._some_of(values, source)))
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
                return [text for item in items for text in self.texts(item, source)]
            case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner) | ast.Subscript(value=inner):
                return self.texts(inner, source)
            case ast.Name():
                return self._named(node, source)
            case ast.Call():
                return self._answered(node, source)
        raise UnknownTextError(ast.unparse(node))

    def known(self, node: ast.expr, source: Source) -> list[str]:
        """The texts of the expression, or its name in braces."""
        try:
            return self.texts(node, source)
        except UnknownTextError:
            return [f"{{{placeholder(node)}}}"]

    def _some_of(self, nodes: list[ast.expr], source: Source) -> list[list[str]]:
        """The texts of each expression; UnknownTextError when none is known."""
        found = [self.known(node, source) for node in nodes]
        if found == [[f"{{{placeholder(node)}}}"] for node in nodes]:
            raise UnknownTextError(" ".join(map(ast.unparse, nodes)))
        return found

    def _named(self, node: ast.Name, source: Source) -> list[str]:
        """What the name may stand for."""
        values = [(value, source) for value in source.values_of(node.id, node)]
        if not values and (constant := self.sources.constant(node.id, source)):
            values = [constant]
        if not values or any(node in ast.walk(value) for value, _ in values):
            raise UnknownTextError(node.id)
        return [text for value, where in values for text in self.texts(value, where)]

    def _answered(self, node: ast.Call, source: Source) -> list[str]:
        """What a function of the product returns, or the text that a function only shows differently."""
        function = node.func
        if called(function) in SHOWING and node.args:
            return self.texts(node.args[0], source)
        if isinstance(function, ast.Attribute) and (
            function.attr in SHOWING
            or (function.attr == "get" and called(function.value) in source.constants)
        ):
            return self.texts(function.value, source)
        followed = self.sources.function(called(function), source) if isinstance(function, ast.Name) else None
        if followed is None:
            raise UnknownTextError(ast.unparse(node))
        body, where = followed
        answers = [part.value for part in ast.walk(body) if isinstance(part, ast.Return) and part.value]
        return list(chain(*self._some_of(answers, where)))

    def _inserted(self, part: ast.expr, source: Source) -> list[str]:
        """A literal part of an f-string, or what stands in braces: words to choose from, or its name."""
        if isinstance(part, ast.Constant):
            return [str(part.value)]
        value = part.value if isinstance(part, ast.FormattedValue) else part
        if isinstance(value, ast.IfExp | ast.BinOp):
            return self.known(value, source)
        if isinstance(value, ast.Name) and (constant := self.sources.constant(value.id, source)):
            return self.known(*constant)
        return [f"{{{placeholder(value)}}}"]


def placeholder(node: ast.expr) -> str:  # noqa: PLR0911 - one line a form
    """A word or two for what is known only when the product runs."""
    match node:
        case (
            ast.Name(id=name)
            | ast.Attribute(attr=name)
            | ast.Subscript(slice=ast.Constant(value=str() as name))
        ):
            return name.strip("_")
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            return f"number of {placeholder(inner)}"
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner]):
            return placeholder(inner)
        case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in {*SHOWING, "int", "sorted"}:
            return placeholder(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "rstrip" | "partition" | "get")):
            return placeholder(inner)
        case ast.Call(func=function):
            return called(function).strip("_")
        case (
            ast.Subscript(value=inner)
            | ast.BinOp(left=inner)
            | ast.IfExp(body=inner)
            | ast.BoolOp(values=[inner, *_])
            | ast.GeneratorExp(elt=inner)
            | ast.ListComp(elt=inner)
        ):
            return placeholder(inner)
    return "…"


def has_words(text: str) -> bool:
    """Whether anything of the text is known before it is printed."""
    return re.search(r"[^\W\d_]", re.sub(r"\{[^}]*\}", "", text)) is not None


def reads_like_a_message(text: str) -> bool:
    """Whether a text has three words, which keys, paths and patterns don't."""
    words = re.sub(r"\{[^}]*\}", "x", text)
    return len(re.findall(r"(?<!\S)[\w'(]*[a-z'][\w')]*[,.:;]?(?!\S)", words)) > 2


def _joined(parts: Iterable[list[str]]) -> list[str]:
    """Every combination."""
    combined = ["".join(one) for one in product(*(dict.fromkeys(part) for part in parts))]
    if len(combined) > _MOST_ALTERNATIVES:
        raise UnknownTextError(f"{len(combined)} combinations, the first being {combined[0]}")
    return combined
