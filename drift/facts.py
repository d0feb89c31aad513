"""What a finding is made of, and an acceptance of it is about."""

from collections.abc import Collection, Iterable
from hashlib import sha256

MOST = 20
"""How many facts an entry of the accepted findings names."""
_SUM = ", with the checksum "


def beyond(found: object, should: object) -> tuple[str, ...]:
    """What is there and should not be: of a list what is in it besides, else the value itself."""
    if not isinstance(found, tuple | list):
        return facts([str(found)])
    expected = should if isinstance(should, tuple | list) else ()
    return facts({*map(str, found)} - {*map(str, expected)})


def facts(of: Iterable[str]) -> tuple[str, ...]:
    """Each of these in a line, sorted; of very many their number and a checksum, which tells any change."""
    lines = {_line(one) for one in of}
    every = sorted(lines - {""})
    if len(every) <= MOST:
        return tuple(every)
    checksum = sha256("\n".join(every).encode()).hexdigest()[:16]
    return (f"{len(every):,} in all{_SUM}{checksum}",)


def among(values: Iterable[str], told: Collection[str]) -> list[str]:
    """Those of the values that these facts name."""
    return [one for one in values if _line(one) in told]


def are_named(told: Collection[str]) -> bool:
    """Whether these facts are named one by one."""
    return not any(_SUM in one for one in told)


def _line(fact: str) -> str:
    return " ".join(fact.split())
