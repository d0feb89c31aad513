"""A review as Markdown, made to be read in a minute: verdict, permissions, reach, the rest, the questions.

It holds no date, no id that changes from run to run, and no order that does: a comment changes only when its
meaning does.
"""

from collections.abc import Iterable, Sequence

from review.change import Change, Effect
from review.permission_table import Presence
from review.reach_changes import moved, named
from review.report import Review, Verdict
from visible import in_markdown

SAYS = {
    Verdict.REFUSED: "**Refused.** An update that runs the policy pack would not begin.",
    Verdict.NEW_ACCESS: "**New access.** After this change somebody can do what nobody could do before.",
    Verdict.LESS_ACCESS: "Nothing new: access is only taken away.",
    Verdict.SAME_ACCESS: "Nothing new: what PlaceOS can reach stays as it is.",
    Verdict.NOTHING: "Nothing changes.",
}
LONGEST = 65_000
"""GitHub takes a comment of 65,536 characters; some are left for whoever posts it."""
_CUT = (
    "\n\nThis is longer than a comment may be, so the rest is left out. All of it: `roomctl review --json`.\n"
)
_SIGN = {Presence.ADDED: "**+ new**", Presence.REMOVED: "- gone", Presence.UNCHANGED: "stays"}


def markdown(review: Review) -> str:
    """The report; it ends with a line feed. One that is too long is cut, and says so."""
    parts = [
        [f"## PlaceOS access: {in_markdown(review.stack)}", "", SAYS[review.verdict]],
        _list(_gains(review)),
        _permissions(review),
        _reach(review),
        _section("Taken away", (_change(one) for one in review.with_effect(Effect.LOSES))),
        _section("Also changes", _others(review)),
        _section("Policy pack", _violations(review)),
        _section("Ask before you approve", (in_markdown(one) for one in review.questions)),
        _section("Not seen", (in_markdown(one) for one in review.notes)),
        ["", f"Compared with {in_markdown(review.against)}."],
    ]
    return _cut("\n".join(line for part in parts for line in part) + "\n")


def could_not_look(stack: str, reason: str) -> str:
    """The report when there is none: an older one must not stand for it."""
    said = "\n".join(f"> {in_markdown(line)}" for line in reason.splitlines())
    return _cut(
        f"## PlaceOS access: {in_markdown(stack)}\n\n**Could not look**, so nothing is known of what this "
        f"change does:\n\n{said}\n"
    )


def _cut(report: str) -> str:
    if len(report) <= LONGEST:
        return report
    return report[: report.rindex("\n", 0, LONGEST - len(_CUT)) + 1].rstrip() + _CUT


def _gains(review: Review) -> Iterable[str]:
    return (f"{_change(one)} ({one.level})" for one in review.with_effect(Effect.GAINS))


def _change(change: Change) -> str:
    return in_markdown(change.what).rstrip(".")


def _permissions(review: Review) -> list[str]:
    if not review.permissions:
        return ["", "### Permissions", "", "None, before and after."]
    rows = [
        f"| {_SIGN[row.presence]} | {in_markdown(row.name)} | {in_markdown(row.opens)} | {row.level} "
        f"| {in_markdown(row.reach)} | {row.consent} |"
        for row in review.permissions
    ]
    head = ["| | Permission | What it opens | Level | Where | Consent by |", "|---|---|---|---|---|---|"]
    return ["", "### Permissions", "", *head, *rows]


def _reach(review: Review) -> list[str]:
    before, after = review.reaches
    entering, leaving = moved(before, after)
    rows = ["| | Before | After |", "|---|---|---|"]
    rows.append(f"| can be opened | {in_markdown(before.in_words)} | {in_markdown(after.in_words)} |")
    kinds = {one.kind for one in (*before.mailboxes.values(), *after.mailboxes.values())}
    for kind in () if after.everything else sorted(kinds):
        counts = [sum(one.kind == kind for one in side.mailboxes.values()) for side in (before, after)]
        rows.append(f"| of these {kind} | {counts[0]} | {counts[1]} |")
    moves = [
        f"**{word}**: {in_markdown(named(ones))}"
        for word, ones in (("Enter", entering), ("Leave", leaving))
        if ones
    ]
    return ["", "### Reach", "", *rows, *_list(moves)]


def _others(review: Review) -> Iterable[str]:
    yield from (_change(one) for one in review.with_effect(Effect.NEITHER))
    for one in review.settings:
        yield f"Setting {in_markdown(one.key)}: {in_markdown(_short(one.in_words))}"


def _violations(review: Review) -> Iterable[str]:
    for one in review.violations:
        word = "**refused**" if one.refused else "advice"
        yield f"{word}, {in_markdown(one.rule)}, {in_markdown(one.resource)}: {in_markdown(one.message)}"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    shown = _list(lines)
    return ["", f"### {title}", *shown] if shown else []


def _list(lines: Iterable[str]) -> list[str]:
    shown: Sequence[str] = [f"- {line.strip()}" for line in lines]
    return ["", *shown] if shown else []


def _short(value: str) -> str:
    return value if len(value) <= 600 else f"{value[:600]}…"
