"""YAML that means what it looks like: no aliases, little nesting, and nothing that is read as no text.

YAML 1.1 reads `yes` as true, `012` as 10 and `1:30` as 90 (https://yaml.org/type/), so what a person wrote
would be about something else.
"""

from dataclasses import dataclass
from typing import Any

import yaml

_DEEPEST = 10


@dataclass(frozen=True)
class Unquoted:
    """A value that YAML reads as another thing than the text that was written."""

    written: str

    def __str__(self) -> str:
        return self.written


class _Loader(yaml.SafeLoader):
    """What refers to parts of itself could become as large as it likes, and deep nesting is slow to read."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("it holds an alias (*name): write each entry out")
        if self._depth >= _DEEPEST:
            raise ValueError(f"it is nested deeper than {_DEEPEST} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _unquoted(_loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Unquoted | None:
    return Unquoted(node.value) if node.value else None


for _kind in ("bool", "int", "float", "null"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _unquoted)


def read(text: str) -> tuple[Any, yaml.Node | None]:
    """What it holds, and its nodes: texts, days, lists, mappings and `Unquoted`; None where nothing is.

    yaml.YAMLError or ValueError for what is none of these.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return (None if node is None else loader.construct_document(node)), node
    finally:
        loader.dispose()
