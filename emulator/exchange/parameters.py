"""Cmdlet parameters as they travel in JSON: their kinds, and what of them is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.exchange.errors import bad_value, too_long

HASH_TABLE = "#Exchange.GenericHashTable"
UNLIMITED = "Unlimited"


@dataclass(frozen=True)
class Text:
    """A text of at most `limit` characters."""

    limit: int | None = None

    def read(self, name: str, value: object) -> str:
        """The value, if it is such a text; CmdletError otherwise."""
        if not isinstance(value, str):
            raise bad_value(
                name, f"Cannot convert value of type {type(value).__name__} to type System.String."
            )
        if self.limit is not None and len(value) > self.limit:
            raise too_long(name, self.limit, len(value))
        return value


@dataclass(frozen=True)
class Choice:
    """One of some words, in any case."""

    words: tuple[str, ...]

    def read(self, name: str, value: object) -> str:
        """The word as Exchange spells it; CmdletError when it is none of them."""
        for word in self.words:
            if isinstance(value, str) and value.lower() == word.lower():
                return word
        raise bad_value(
            name, f'Unable to match the identifier name "{value}" to one of: {", ".join(self.words)}.'
        )


@dataclass(frozen=True)
class Flag:
    """A Boolean or a switch: a JSON boolean, never a text."""

    def read(self, name: str, value: object) -> bool:
        """The value, if it is a boolean; CmdletError otherwise."""
        if not isinstance(value, bool):
            raise bad_value(name, f'Cannot convert value "{value}" to type System.Boolean.')
        return value


@dataclass(frozen=True)
class Size:
    """How many results: a positive number or `Unlimited`."""

    def read(self, name: str, value: object) -> int | None:
        """The number, None for unlimited; CmdletError otherwise."""
        text = str(value)
        if text.lower() == UNLIMITED.lower():
            return None
        if isinstance(value, bool) or not text.isdecimal() or int(text) == 0:
            raise bad_value(name, f'Cannot convert value "{value}" to type Unlimited.')
        return int(text)


@dataclass(frozen=True)
class Change:
    """What becomes of a list: a new list, or some entries added and removed."""

    new: tuple[str, ...] | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Texts:
    """Several texts: a JSON array, or a single text."""

    limit: int | None = None

    def read(self, name: str, value: object) -> list[str]:
        """The texts; CmdletError when one is none, or when there are too many."""
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise bad_value(name, "Cannot convert value to type MultiValuedProperty.")
        if self.limit is not None and len(texts) > self.limit:
            raise bad_value(name, f"The maximum number of entries is {self.limit}.")
        return texts


@dataclass(frozen=True)
class Changes:
    """Several texts, or a hash table `{"@odata.type": "#Exchange.GenericHashTable", "Add", "Remove"}`."""

    def read(self, name: str, value: object) -> Change:
        """What becomes of the list; CmdletError when it can't be told."""
        texts = Texts()
        if not isinstance(value, Mapping):
            return Change(new=tuple(texts.read(name, value)))
        if value.get("@odata.type") != HASH_TABLE or set(value) - {"@odata.type", "Add", "Remove"}:
            raise bad_value(name, f"A hash table needs @odata.type {HASH_TABLE} and has Add and Remove only.")
        return Change(
            add=tuple(texts.read(name, value.get("Add", []))),
            remove=tuple(texts.read(name, value.get("Remove", []))),
        )


Kind = Text | Texts | Changes | Choice | Flag | Size

TEXT = Text()
NAME = Text(64)
FLAG = Flag()
SIZE = Size()
CONFIRM: dict[str, Kind] = {"Confirm": FLAG}
BYPASS: dict[str, Kind] = {"BypassSecurityGroupManagerCheck": FLAG}
