"""The file of accepted findings: what counts, until when, and every way in which it can be damaged."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import drift
from drift.accepted import AcceptedError, lines_for, read, sort
from permissions import Level
from tests.drift.told import acceptance, finding

ENTRY = {
    "rule": "owner-not-in-code",
    "subject": "someone",
    "level": "high",
    "reason": "they help",
    "owner": "it",
    "until": "2027-01-01",
}
TODAY = date(2026, 1, 5)


def written(**changes: str | None) -> str:
    """An entry as a person writes it; None takes a key away."""
    lines = [f"{key}: {value}" for key, value in {**ENTRY, **changes}.items() if value is not None]
    return "- " + "\n  ".join(lines) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prod.yaml"


def test_an_entry_is_read(file: Path) -> None:
    file.write_text(written(), encoding="utf-8")
    assert read(file) == (acceptance(),)


def test_the_entries_of_the_page_are_read_and_no_run_undoes_what_they_accept(file: Path) -> None:
    page = (Path(drift.__file__).parents[1] / "docs/drift.md").read_text(encoding="utf-8")
    file.write_text("".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)), encoding="utf-8")
    assert [one.rule for one in read(file)] == ["role-over-application", "look-alike"]


@pytest.mark.parametrize("text", ["", "[]", "# nothing yet\n", "---\n"])
def test_a_file_without_entries_accepts_nothing(file: Path, text: str) -> None:
    assert read(file) == ()
    file.write_text(text)
    assert read(file) == ()


DAMAGED = {
    "no YAML": ("- rule: [", "is not YAML"),
    "a control character": ("- rule: \x07", "is not YAML"),
    "a tag of Python's": ("- !!python/object/apply:os.system [true]", "is not YAML"),
    "a day that no calendar has": (written(until="2027-02-31"), "day is out of range"),
    "one entry": (written().removeprefix("- ").replace("\n  ", "\n"), "must be a list of entries with rule,"),
    "a text": ("owner-not-in-code", "must be a list of entries"),
    "a list of texts": (
        "- owner-not-in-code",
        "entry 1: must have the keys rule, subject, level, reason, owner, until",
    ),
    "an unknown key": (
        written(owner=None, ownr="it"),
        'entry 1: unknown key "ownr"; the nearest name is owner',
    ),
    "an unknown rule": (
        written(rule="owners-not-in-code"),
        'entry 1: there is no rule "owners-not-in-code"; the nearest names are owner-not-in-code',
    ),
    "no rule": (written(rule=None), "entry 1: rule is missing or empty"),
    "no subject": (written(subject=""), "entry 1: subject is missing or empty"),
    "no level": (
        written(level=None),
        "entry 1: level is missing or empty; an accepted finding has rule, subj",
    ),
    "an unknown level": (
        written(level="medium"),
        'entry 1: level is "medium" and must be one of low, moderate, high, critical',
    ),
    "no reason": (written(reason="''"), "entry 1: reason is missing or empty"),
    "no owner": (written(owner="' '"), "entry 1: owner is missing or empty"),
    "a list of reasons": (written(reason="[they, help]"), "entry 1: reason is missing or empty"),
    "a text for what it holds": (written(holds="a, b"), "entry 1: holds must be a list of texts"),
    "numbers for what it holds": (written(holds="[1]"), "entry 1: holds must be a list of texts"),
    "no end": (written(until=None), "entry 1: until is missing and must be a day, such as 2027-06-30"),
    "a day as text": (written(until="'2027-01-01'"), 'until is "2027-01-01" and must be a day'),
    "a day of another form": (written(until="31.12.2027"), 'until is "31.12.2027" and must be a day'),
    "a moment": (written(until="2027-01-01T08:00:00Z"), 'until is "2027-01-01 08:00:00+00:00" and must be'),
    "twice": (written() + written(reason="again"), "entry 2: the same finding is accepted above"),
    "a key twice": (
        written() + written(subject="other\n  reason: 'no'"),
        ': line 11: "reason" stands in this entry already (line 9); keep one',
    ),
    "a key twice in a line": (
        "- {rule: x, rule: y}",
        ': line 1: "rule" stands in this entry already (line 1)',
    ),
    "a key twice below": (
        written(reason="\n    a: 1\n    a: 2"),
        ': line 6: "a" stands in this entry already (line 5); keep one',
    ),
    "an alias": (written(reason="&a x", owner="*a"), "holds an alias"),
    "very many brackets": ("[" * 2_000, "is not YAML"),
    "very many more": ("[" * 200_000, "is not YAML of entries: it is nested deeper than 10 levels"),
    "very large": ("#" * 250_001, "is larger than 250,000 bytes: accept"),
    "a number beyond all bounds": (
        written(subject="0x" + "f" * 5_000),
        '" (5,002 characters) without quotes',
    ),
    **{
        f"{value} in place of a text": (
            written(subject=value),
            f'entry 1: subject is "{value}" without quotes, which YAML reads as another thing than text',
        )
        for value in ("012", "yes", "1:30", "1.5", "null", "~", "2027-01-01", "0x1F", ".inf")
    },
    "a number for a reason": (
        written(reason="5"),
        'entry 1: reason is "5" without quotes',
    ),
    "a yes among what it holds": (written(holds="[a, yes]"), "entry 1: holds must be a list of texts"),
    **{
        f"only {value}": (value, "must be a list of entries with rule")
        for value in ("{}", "0", "false", "''", "null", "~")
    },
}


@pytest.mark.parametrize(("text", "said"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_wrong_is_told(file: Path, text: str, said: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AcceptedError) as refused:
        read(file)
    assert said in str(refused.value), str(refused.value)
    assert str(refused.value).startswith(str(file))


def test_a_file_that_grows_when_it_is_read_is_refused_before(file: Path) -> None:
    lines = ["- &a0 x", *(f"- &a{one} [{', '.join([f'*a{one - 1}'] * 9)}]" for one in range(1, 30))]
    file.write_text("\n".join([*lines, written(reason="*a29")]))
    with pytest.raises(AcceptedError, match="holds an alias"):
        read(file)


@pytest.mark.parametrize(
    "do", [Path.mkdir, lambda file: file.write_bytes(b"- rule: \xff")], ids=["folder", "bytes"]
)
def test_a_file_that_can_t_be_read_is_not_none(file: Path, do) -> None:
    do(file)
    with pytest.raises(AcceptedError, match="can't be read"):
        read(file)


def test_everything_that_is_wrong_is_told_at_once(file: Path) -> None:
    file.write_text(written(reason=None, owner=None) + written(subject="other", until="soon"))
    with pytest.raises(AcceptedError) as refused:
        read(file)
    assert [line.partition(": entry ")[2][:9] for line in str(refused.value).splitlines()] == [
        "1: reason", "1: owner ", "2: until ",
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "counts"), [(1, True), (0, True), (-1, False)])
def test_it_counts_on_its_last_day_and_not_the_day_after(days: int, counts: bool) -> None:
    entry = acceptance(until=TODAY + timedelta(days=days))
    told = sort([finding()], [entry], TODAY)
    assert told.accepted == (((finding(), entry),) if counts else ())
    assert told.open == (() if counts else (finding(),))
    assert told.ended == (() if counts else (entry,))
    assert told.unused == ()


@pytest.mark.parametrize(("days", "soon"), [(31, False), (30, True), (0, True), (-1, False)])
def test_one_that_ends_within_30_days_is_told_as_long_as_it_accepts_something(days: int, soon: bool) -> None:
    entry = acceptance(until=TODAY + timedelta(days=days))
    assert sort([finding()], [entry], TODAY).ending == ((entry,) if soon else ())
    assert sort([], [entry], TODAY).ending == ()


@pytest.mark.parametrize("subject", ["012", "yes", "1:30", "0x1F", "~", "2027-01-01"])
def test_a_subject_in_quotes_is_as_it_is_written(file: Path, subject: str) -> None:
    file.write_text(written(subject=f"'{subject}'"), encoding="utf-8")
    assert [one.subject for one in read(file)] == [subject]
    file.write_text(lines_for(finding(subject), "prod").replace("YYYY-MM-DD", "2027-01-01"), encoding="utf-8")
    assert [one.subject for one in read(file)] == [subject]


@pytest.mark.parametrize("level", Level)
def test_it_accepts_what_is_as_grave_or_less_and_nothing_graver(level: Level) -> None:
    one = finding(level=level)
    told = sort([one], [acceptance(level=Level.MODERATE)], TODAY)
    graver = level in {Level.HIGH, Level.CRITICAL}
    assert told.open == ((one,) if graver else ())
    assert told.outgrown == (((one, acceptance(level=Level.MODERATE)),) if graver else ())
    assert (len(told.accepted), told.unused, told.ended) == (0 if graver else 1, (), ())


def test_it_accepts_one_finding_and_no_other() -> None:
    other = finding(rule="look-alike")
    told = sort([finding(), finding("b"), other], [acceptance(), acceptance("c")], TODAY)
    assert told.open == (finding("b"), other)
    assert told.unused == (acceptance("c"),)


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
@example("0\x850")
@example("a\u2028b\u2029c")
def test_the_lines_that_are_proposed_accept_the_finding(subject: str) -> None:
    lines = lines_for(finding(subject), "prod")
    assert lines.startswith("# accepted/prod.yaml\n- rule: owner-not-in-code\n")
    [entry] = yaml.safe_load(lines)
    assert acceptance(entry["subject"].strip()).covers(finding(subject))
    assert len(lines.split("\n")) == 7


def test_lines_of_code_come_before_an_entry() -> None:
    assert lines_for(finding(accept="applicationOwners: x"), "prod") == "applicationOwners: x"
