"""What somebody decided to live with: findings that stay listed, and are no drift until a day."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from drift.finding import Finding
from drift.rules import RULES
from drift.strict_yaml import Unquoted
from drift.strict_yaml import read as read_yaml
from nearest import did_you_mean
from permissions import Level
from stack_files import acceptances_file
from visible import quoted

_LARGEST = 250_000
_TEXTS = ("rule", "subject", "level", "reason", "owner")
_KEYS = (*_TEXTS, "until")
_HOLDS = "holds"
_SOON = timedelta(days=30)
"""How long before its last day somebody is told to decide again."""


class AcceptedError(ValueError):
    """The file can't be used; the text names every entry that is wrong, and what to write."""


@dataclass(frozen=True)
class Acceptance:
    """One entry: which finding, why it may be, who answers for it, and the last day on which it counts.

    level: how grave the finding may be; a graver one of the same subject is open. holds: what it may hold, in
    the finding's words; one that holds anything else is open.
    """

    rule: str
    subject: str
    level: Level
    reason: str
    owner: str
    until: date
    holds: tuple[str, ...] = ()

    def is_about(self, finding: Finding) -> bool:
        """Whether it names that finding, however grave it is."""
        return (self.rule, self.subject) == (finding.rule, finding.subject.strip())

    def covers(self, finding: Finding) -> bool:
        """Whether it accepts that finding as grave as it is, with all that it holds."""
        return self.is_about(finding) and not self.outgrown_by(finding)

    def outgrown_by(self, finding: Finding) -> str:
        """What of that finding it does not accept, in words; "" for nothing."""
        if finding.is_graver_than(self.level):
            return f"accepts {self.level}, and it is graver now"
        if more := [one for one in finding.holds if one not in self.holds]:
            return f"is accepted until {self.until}, but it holds more now: {', '.join(more)}"
        return ""


@dataclass(frozen=True)
class Sorted:
    """open: what nobody has accepted. accepted: what is, with its entry. unused: entries about nothing.

    ended: entries whose day is over. outgrown: findings that are more than their entries accept.
    ending: entries that accept something, and not for much longer.
    """

    open: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Acceptance], ...]
    ended: tuple[Acceptance, ...]
    unused: tuple[Acceptance, ...]
    outgrown: tuple[tuple[Finding, Acceptance], ...] = ()
    ending: tuple[Acceptance, ...] = ()


def read(file: Path) -> tuple[Acceptance, ...]:
    """The entries of a stack's file; none when there is no file. AcceptedError tells all that is wrong."""
    try:
        entries, node = read_yaml(_text_of(file))
    except FileNotFoundError:
        return ()
    except AcceptedError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise AcceptedError(f"{file} can't be read: {error}") from None
    # ValueError: a day that no calendar has
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise AcceptedError(f"{file} is not YAML of entries: {' '.join(str(error).split())}") from None
    problems = [f"{file}: {one}" for one in _twice(node)]
    if problems:
        raise AcceptedError("\n".join(problems))
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise AcceptedError(f"{file} must be a list of entries with {', '.join(_KEYS)}")
    problems = [f"{file}: entry {place}: {one}" for place, one in _problems(entries)]
    if problems:
        raise AcceptedError("\n".join(problems))
    return tuple(map(_acceptance, entries))


def _acceptance(entry: Mapping[str, Any]) -> Acceptance:
    rule, subject, level, reason, owner = (_text(entry, key) for key in _TEXTS)
    return Acceptance(rule, subject, Level(level), reason, owner, entry["until"], _held(entry))


def _text_of(file: Path) -> str:
    with file.open("rb") as opened:
        held = opened.read(_LARGEST + 1)
    if len(held) > _LARGEST:
        raise AcceptedError(f"{file} is larger than {_LARGEST:,} bytes: accept findings one by one")
    return held.decode("utf-8")


def _twice(node: yaml.Node | None) -> Iterator[str]:
    """Pulumi refuses such a key in the settings, too: keys are unique (https://yaml.org/spec/1.2.2/#mapping)."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _twice(one)
    elif isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if first := lines.get(name):
                yield f"line {line}: {quoted(name)} stands in this entry already (line {first}); keep one"
            lines[name] = line
            yield from _twice(value)


def sort(findings: Iterable[Finding], acceptances: Sequence[Acceptance], today: date) -> Sorted:
    """Each finding is open or accepted; an entry whose day has passed, or about less, accepts nothing."""
    valid = [one for one in acceptances if one.until >= today]
    open_, accepted, used = [], [], set()
    for finding in findings:
        entry = next((one for one in valid if one.covers(finding)), None)
        if entry is None:
            open_.append(finding)
        else:
            accepted.append((finding, entry))
            used.add(entry)
    ended = tuple(one for one in acceptances if one.until < today)
    outgrown = tuple((finding, one) for one in valid for finding in open_ if one.is_about(finding))
    about = used.union(one for _, one in outgrown)
    unused = tuple(one for one in valid if one not in about)
    ending = tuple(one for one in valid if one in used and one.until <= today + _SOON)
    return Sorted(tuple(open_), tuple(accepted), ended, unused, outgrown, ending)


def lines_for(finding: Finding, stack: str) -> str:
    """The lines of code that make a finding right to have, else those that accept it for a while."""
    return finding.accept or f"# {acceptances_file(stack)}\n{_entry_for(finding)}"


def _entry_for(finding: Finding) -> str:
    """To be completed by a person."""
    lines = [
        f"- rule: {finding.rule}",
        f"  subject: {_in_a_line(finding.subject)}",
        f"  level: {finding.level}",
        *([f"  {_HOLDS}:"] if finding.holds else []),
        *(f"    - {_in_a_line(one)}" for one in finding.holds),
        "  reason: WHY",
        "  owner: WHO",
        "  until: YYYY-MM-DD",
    ]
    return "\n".join(lines)


def _in_a_line(text: str) -> str:
    """YAML breaks a line at more letters than a line feed, and only double quotes escape them."""
    plain = _scalar(text)
    return plain if plain.isprintable() else _scalar(text, '"')


def _scalar(text: str, style: str | None = None) -> str:
    dumped: str = yaml.safe_dump(text, width=sys.maxsize, allow_unicode=True, default_style=style)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _problems(entries: Sequence[Any]) -> Iterable[tuple[int, str]]:
    seen = set()
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            yield place, f"must have the keys {', '.join(_KEYS)}"
            continue
        yield from ((place, one) for one in _wrong_in(entry))
        if (same := (_text(entry, "rule"), _text(entry, "subject"))) in seen:
            yield place, "the same finding is accepted above"
        seen.add(same)


def _wrong_in(entry: Mapping[Any, Any]) -> Iterator[str]:
    for key in entry:
        if key not in (*_KEYS, _HOLDS):
            yield f"unknown key {quoted(str(key))}; {did_you_mean(str(key), (*_KEYS, _HOLDS))}"
    for key in _TEXTS:
        if isinstance(entry.get(key), Unquoted | date):
            said = quoted(_text(entry, key))
            yield f"{key} is {said} without quotes, which YAML reads as another thing than text: quote it"
        elif not _text(entry, key):
            yield f"{key} is missing or empty; an accepted finding has {', '.join(_KEYS)}"
    rule = _text(entry, "rule")
    if rule and rule not in RULES:
        yield f"there is no rule {quoted(rule)}; {did_you_mean(rule, RULES)}"
    level = _text(entry, "level")
    if level and level not in list(Level):
        yield f"level is {quoted(level)} and must be one of {', '.join(Level)}"
    if _HOLDS in entry and not _held(entry):
        yield f"{_HOLDS} must be a list of texts, in quotes where YAML reads something else, or be left out"
    if type(entry.get("until")) is not date:
        said = quoted(_text(entry, "until")) if entry.get("until") else "missing"
        yield f"until is {said} and must be a day, such as 2027-06-30"


def _held(entry: Mapping[Any, Any]) -> tuple[str, ...]:
    """What it holds; nothing for what is no list of texts."""
    value = entry.get(_HOLDS)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return ()
    return tuple(" ".join(one.split()) for one in value)


def _text(entry: Mapping[Any, Any], key: str) -> str:
    """What stands there in words; a list or a mapping is none."""
    value = entry.get(key)
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()
