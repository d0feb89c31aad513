"""The part of OData's `$filter` that clients of this tenant use.

eq, ne, gt, ge, lt, le, in, startswith, endswith, `any` over lists, and, or, not, parentheses.
https://learn.microsoft.com/en-us/graph/filter-query-parameter
"""

import operator
import re
from collections.abc import Callable

from emulator.graph.entities import Entity
from emulator.graph.errors import GraphError
from emulator.store import Document

Predicate = Callable[[Document], bool]

_WORDS = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>[(),:])|(?P<word>[^\s(),:']+(?::[^\s(),']+)*))")
_COMPARISONS: dict[str, Callable[[object, object], bool]] = {"eq": operator.eq, "ne": operator.ne}
_ORDERINGS: dict[str, Callable[[str, str], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}


def predicate(text: str, entity: Entity) -> Predicate:
    """The test that the filter means for objects of a type; GraphError when it has no meaning."""
    return _Parser(text, entity).whole()


def operators(text: str) -> set[str]:
    """The words of a filter, in small letters, that are no quoted texts: operators among them."""
    return {found["word"].lower() for found in _WORDS.finditer(text) if found["word"]}


class _Parser:
    """Recursive descent over the words of one filter."""

    def __init__(self, text: str, entity: Entity) -> None:
        self._text, self._entity = text, entity
        self._words = self._split(text)

    def whole(self) -> Predicate:
        predicate = self._either()
        if self._words:
            raise self._meaningless()
        return predicate

    def _split(self, text: str) -> list[str]:
        words, at = [], 0
        while text[at:].strip():
            found = _WORDS.match(text, at)
            if found is None:
                raise self._meaningless()
            words.append(found.group().strip())
            at = found.end()
        return words

    def _either(self) -> Predicate:
        sides = [self._both()]
        while self._next_is("or"):
            sides.append(self._both())
        return sides[0] if len(sides) == 1 else lambda item: any(side(item) for side in sides)

    def _both(self) -> Predicate:
        sides = [self._single()]
        while self._next_is("and"):
            sides.append(self._single())
        return sides[0] if len(sides) == 1 else lambda item: all(side(item) for side in sides)

    def _single(self) -> Predicate:
        if self._next_is("not"):
            inner = self._single()
            return lambda item: not inner(item)
        if self._next_is("("):
            inside = self._either()
            self._expect(")")
            return inside
        word = self._take()
        if word.lower() in ("startswith", "endswith"):
            return self._affix(word.lower())
        if word.lower().endswith("/any"):
            return self._any(word[: -len("/any")])
        return self._comparison(word, self._property(word))

    def _affix(self, function: str) -> Predicate:
        self._expect("(")
        read = self._property(self._take())
        self._expect(",")
        affix = str(self._literal())
        self._expect(")")
        test = str.startswith if function == "startswith" else str.endswith
        return lambda item: isinstance(value := read(item), str) and test(value.casefold(), affix.casefold())

    def _any(self, name: str) -> Predicate:
        """`proxyAddresses/any(p:p eq 'smtp:x')`, or with a property of the elements: `p/value eq …`."""
        read = self._property(name)
        self._expect("(")
        variable = self._take()
        if ":" in variable:
            variable, _, rest = variable.partition(":")
            self._words.insert(0, rest)
        else:
            self._expect(":")
        subject, _, inner = self._take().partition("/")
        if subject != variable:
            raise self._meaningless()
        path = f"it/{inner}" if inner else "it"
        test = self._comparison(subject, lambda element: _follow(element, path))
        self._expect(")")

        def found(item: Document) -> bool:
            elements = read(item)
            return isinstance(elements, list) and any(test({"it": element}) for element in elements)

        return found

    def _comparison(self, word: str, read: Callable[[Document], object]) -> Predicate:
        comparator = self._take().lower()
        if comparator == "in":
            return self._membership(read)
        literal = self._literal()
        if comparator in _COMPARISONS:
            compare = _COMPARISONS[comparator]
            return lambda item: compare(_folded(read(item)), _folded(literal))
        if comparator in _ORDERINGS:
            order = _ORDERINGS[comparator]
            return lambda item: (value := read(item)) is not None and order(str(value), str(literal))
        raise self._meaningless(f"'{comparator}' after '{word}' is no operator")

    def _membership(self, read: Callable[[Document], object]) -> Predicate:
        self._expect("(")
        values = [_folded(self._literal())]
        while self._next_is(","):
            values.append(_folded(self._literal()))
        self._expect(")")
        return lambda item: _folded(read(item)) in values

    def _property(self, path: str) -> Callable[[Document], object]:
        self._entity.must_know(path)
        return lambda item: _follow(item, path)

    def _literal(self) -> object:
        word = self._take()
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        return _CONSTANTS.get(word.lower(), word)

    def _take(self) -> str:
        if not self._words:
            raise self._meaningless()
        return self._words.pop(0)

    def _next_is(self, word: str) -> bool:
        if self._words and self._words[0].lower() == word:
            self._words.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._next_is(word):
            raise self._meaningless()

    def _meaningless(self, why: str = "") -> GraphError:
        reason = f" ({why})" if why else ""
        return GraphError(400, "BadRequest", f"Invalid filter clause: '{self._text}'{reason}.")


def _follow(item: object, path: str) -> object:
    for name in path.split("/"):
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _folded(value: object) -> object:
    """Texts are compared without regard to case; numbers come as words."""
    if value is None or isinstance(value, bool):
        return value
    return str(value).casefold()
