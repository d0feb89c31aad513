"""What an email address may look like, so that a bad one is refused before Exchange is asked.

Lengths are those of RFC 5321 (section 4.5.3.1), letters those of RFC 5322's dot-atom: Exchange Online
makes no mailbox with any other (learn.microsoft.com/powershell/module/exchangepowershell/set-mailbox,
parameter EmailAddresses).
"""

import re
import unicodedata

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_SEPARATED = re.compile(r"[;,\s|]+")


def address_fault(text: str) -> str | None:
    """Why the text is no single email address, as half a sentence; None when it is one."""
    for letter in text:
        if not "\x20" < letter < "\x7f" and not letter.isspace():
            return f"it holds {_spoken(letter)}, which no address has"
    if len(addresses_in(text)) > 1:
        return "it holds more than one address"
    if "<" in text or text.lower().startswith("mailto:"):
        return "it holds more than the bare address"
    if text.count("@") != 1:
        return "an address has exactly one @"
    local, _, domain = text.partition("@")
    return _local_fault(local) or _domain_fault(domain)


def addresses_in(text: str) -> tuple[str, ...]:
    """The parts of the text that look like addresses, for a cell or value that holds several."""
    return tuple(part for part in _SEPARATED.split(text) if "@" in part.strip("<>@"))


def is_dot_atom(text: str) -> bool:
    """Whether the text has only the letters of an address's left half, and no period at its ends."""
    return _DOT_ATOM.fullmatch(text) is not None


def _local_fault(local: str) -> str | None:
    if len(local) > 64:
        return f"the part before the @ has {len(local)} characters, and 64 are allowed"
    if not is_dot_atom(local):
        return "the part before the @ is empty, begins or ends with a period, or has a forbidden character"
    return None


def _domain_fault(domain: str) -> str | None:
    labels = domain.split(".")
    if len(domain) > 255:
        return f"the domain has {len(domain)} characters, and 255 are allowed"
    if len(labels) < 2:
        return "its domain has no period"
    if not all(_LABEL.fullmatch(label) for label in labels):
        return "its domain has an empty part or a forbidden character"
    return None


def _spoken(letter: str) -> str:
    """A letter that may be invisible, in words: U+200B ZERO WIDTH SPACE."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'CONTROL CHARACTER')}"
