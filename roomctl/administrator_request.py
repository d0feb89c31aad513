"""What an administrator is asked for, as Markdown: it says the same as long as the tenant does."""

from collections.abc import Callable, Sequence

from roomctl.deployer_identity import Identity
from roomctl.look import Answer, Row, Section
from visible import in_markdown

_FOR = (
    "PlaceOS shows and books rooms from Microsoft 365 calendars. An application reads and writes the "
    "calendars of the room mailboxes, and of no other: an access policy in Exchange keeps it to them, and no "
    "secret is made before Microsoft Graph refuses the rest. Nothing was changed to write this page."
)


def request(stack: str, identity: Identity, rows: Sequence[Row]) -> str:
    """The page, without times and ids of requests; no part of it can be made by a name in the tenant."""
    lines = ["# PlaceOS room booking: what this tenant has to allow", "", _FOR, ""]
    lines += [f"- **Who asks**: {_who(identity)}", f"- **Tenant**: {_tenant(identity)}"]
    lines += [f"- **Stack**: {_cell(stack)}"]
    lines += _chapter("Signing in", rows, lambda row: _is(row, Answer.FOUND, Section.IDENTITY))
    lines += _chapter("To grant", rows, lambda row: _is(row, Answer.FOUND, Section.RIGHTS))
    lines += _chapter("To change in the tenant", rows, lambda row: _is(row, Answer.FOUND, Section.TENANT))
    lines += _chapter("Not looked at: please look", rows, lambda row: row.answer is Answer.NOT_LOOKED)
    lines += _chapter(
        "To change in the stack's settings, by who asks",
        rows,
        lambda row: _is(row, Answer.FOUND, Section.SETTINGS),
    )
    if all(row.answer is Answer.FINE for row in rows):
        lines += ["", "Nothing has to be granted or changed."]
    fine = [row for row in rows if row.answer is Answer.FINE]
    if fine:
        lines += ["", "## Looked at, and fine", "", "| What | Seen |", "| --- | --- |"]
        lines += [f"| {_cell(row.about)} | {_cell(row.seen)} |" for row in fine]
    return "\n".join(lines)


def _is(row: Row, answer: Answer, section: Section) -> bool:
    return row.answer is answer and row.section is section


def _chapter(title: str, rows: Sequence[Row], wanted: Callable[[Row], bool]) -> list[str]:
    """A table of the rows that are wanted; nothing without any."""
    chosen = [row for row in rows if wanted(row)]
    if not chosen:
        return []
    head = [
        "",
        f"## {title}",
        "",
        "| What | Seen | Why | How | How to undo |",
        "| --- | --- | --- | --- | --- |",
    ]
    return head + [
        f"| {' | '.join(map(_cell, (row.about, row.seen, row.why, row.fix, row.undo or '-')))} |"
        for row in chosen
    ]


def _who(identity: Identity) -> str:
    if not identity.client_id:
        return "nobody is signed in as an application yet"
    named = f"the application {_cell(identity.name)}, " if identity.name else ""
    return f"{named}client id {_cell(identity.client_id)}"


def _tenant(identity: Identity) -> str:
    if not identity.tenant_id:
        return "not known"
    return f"{_cell(identity.tenant_name)} {identity.tenant_id}".strip()


def _cell(text: str) -> str:
    return "<br>".join(map(in_markdown, text.splitlines()))
