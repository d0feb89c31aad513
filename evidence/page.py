"""The evidence as one page to print: one HTML file that fetches nothing and runs nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from drift.finding import Finding
from evidence.evidence import Evidence, Group
from moments import instant
from visible import visible

_STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content-Security-Policy: a browser that shows it asks nobody for anything."""
_NOT_SEEN = "not looked at"


def page(evidence: Evidence, file: str, digest: str) -> str:
    """The page; `file` is the JSON's name and `digest` its SHA-256 in hexadecimal."""
    title = f"PlaceOS on Microsoft 365: evidence of {evidence.subject.stack}"
    parts = (
        _head(evidence, title, file, digest),
        _missing(evidence),
        _sums(evidence),
        _consents(evidence),
        _policies(evidence),
        _proof(evidence),
        _secrets(evidence),
        _drift(evidence),
        _accepted(evidence),
        _remains(evidence),
        _section("What this can't tell", [_list(evidence.limits)]),
        *(_members(one) for one in evidence.groups),
    )
    body = "\n".join(line for part in parts for line in part)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{_text(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _head(evidence: Evidence, title: str, file: str, digest: str) -> Iterator[str]:
    subject = evidence.subject
    whose = "made by this stack" if subject.own else "existed before, and this stack uses it"
    yield _element("h1", title)
    yield _facts(
        {
            "Written": f"{instant(subject.written)} by {subject.written_by or 'a person'}",
            "Tenant": subject.tenant_id,
            "Application": f"{subject.application} ({whose})",
            "Client id": subject.client_id,
            "Service principal": subject.principal_id,
            "The same for machines": file,
            "SHA-256 of that file": digest,
        }
    )


def _missing(evidence: Evidence) -> Iterator[str]:
    unseen = evidence.not_looked_at
    if not unseen:
        yield _element("p", "All of it was looked at.")
        return
    yield '<div class="missing">'
    yield _element("h2", f"Not complete: {len(unseen)} could not be looked at")
    rows = [(one.about, one.reason, one.fix) for one in unseen]
    yield _table(("What", "Why", "To do"), rows)
    yield "</div>"


def _sums(evidence: Evidence) -> Iterator[str]:
    reach, findings = evidence.report.reach, evidence.report.findings
    gravest = f", the gravest {findings[0].level}" if findings else ""
    yield from _section(
        "In short",
        [
            _facts(
                {
                    "Reach": reach.in_words if reach else _NOT_SEEN,
                    "Permissions consented to": _count(evidence.consents),
                    "Access policies": _count(evidence.policies),
                    "Client secrets": _count(evidence.secrets.secrets),
                    **{f"Members of {one.address}": _count(one.members) for one in evidence.groups},
                    "Drift": f"{len(findings)}{gravest}",
                    "Accepted findings": str(len(evidence.report.sorted.accepted)),
                }
            )
        ],
    )


def _consents(evidence: Evidence) -> Iterator[str]:
    untold = "the log does not tell" if evidence.audits_read else _NOT_SEEN
    narrowed = {True: "yes", False: "no: tenant-wide", None: "not known"}
    rows = [
        (
            one.permission,
            one.service,
            one.since or "not told",
            f"{one.by} ({one.by_id})" if one.by or one.by_id else untold,
            one.opens,
            narrowed[one.narrowed],
            "yes" if one.in_code else "no",
        )
        for one in evidence.consents or ()
    ]
    head = ("Permission", "Of", "Consented", "By", "Opens", "Narrowed by the policy", "In the code")
    yield from _listed("Who consented, when, to what", head, rows, seen=evidence.consents is not None)


def _policies(evidence: Evidence) -> Iterator[str]:
    rows = [
        (
            one.right,
            one.group,
            "every application" if one.every_application else "this one",
            one.description,
            one.identity,
        )
        for one in evidence.policies or ()
    ]
    head = ("Right", "Group", "Application", "Description", "Identity")
    yield from _listed("Access policies", head, rows, seen=evidence.policies is not None)


def _proof(evidence: Evidence) -> Iterator[str]:
    """As the last run recorded it; nothing is asked again."""
    said = {
        "Exchange, before consent": evidence.configured,
        "Microsoft Graph, before the first secret": evidence.enforced,
    }
    rows = [
        (who, _in_words(key), _in_words(value))
        for who, proof in said.items()
        for key, value in sorted((proof or {"": "no proof is recorded"}).items())
    ]
    yield from _listed("Proof", ("Asked", "What", "Answer"), rows, seen=True)


def _secrets(evidence: Evidence) -> Iterator[str]:
    held = evidence.secrets
    untold = "none in the log" if held.log_read else _NOT_SEEN if held.has_log else "the tenant has no log"
    rows = [
        (
            one.standing,
            one.name,
            one.key_id,
            one.until,
            f"{one.last_sign_in} from {one.last_sign_in_from}" if one.last_sign_in else untold,
        )
        for one in held.secrets or ()
    ]
    head = ("Secret", "Name", "Key id", "Until", "Signed in last")
    yield from _listed("Client secrets and last sign-ins", head, rows, seen=held.secrets is not None)


def _drift(evidence: Evidence) -> Iterator[str]:
    rows = [_finding(one) for one in evidence.report.findings]
    yield from _listed("Drift: true in the tenant, and not in the code", _FOUND, rows, seen=True)


_FOUND = ("Level", "Finding", "What", "Since", "Why it matters")


def _finding(one: Finding) -> tuple[str, ...]:
    return str(one.level), one.rule, one.what, one.since or "not told", one.why


def _accepted(evidence: Evidence) -> Iterator[str]:
    rows = [
        (str(found.level), found.rule, found.what, entry.reason, entry.owner, entry.until.isoformat())
        for found, entry in evidence.report.sorted.accepted
    ]
    head = ("Level", "Finding", "What", "Accepted because", "By", "Until")
    yield from _listed("Accepted findings", head, rows, seen=True)


def _remains(evidence: Evidence) -> Iterator[str]:
    yield '<div class="end">'
    rows = [
        (one.what, one.where, one.until, one.end, f"{one.seen}: {one.found}" if one.found else str(one.seen))
        for one in evidence.remains
    ]
    head = ("What", "Where", "Until", "How it is ended", "Seen")
    yield from _listed("Off-boarding: what outlives the integration", head, rows, seen=True)
    yield "</div>"


def _members(group: Group) -> Iterator[str]:
    yield '<div class="members">'
    rows = [(one.address, one.name, one.kind) for one in group.members or ()]
    title = f"Members of {group.address} ({group.holds}): {_count(group.members)}"
    yield from _listed(title, ("Address", "Name", "Kind"), rows, seen=group.members is not None)
    yield "</div>"


def _listed(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, seen: bool) -> Iterator[str]:
    if not seen:
        return _section(title, [f'<p class="dim">{_NOT_SEEN}</p>'])
    return _section(title, [_table(head, rows) if rows else '<p class="dim">none</p>'])


def _section(title: str, parts: Iterable[str]) -> Iterator[str]:
    yield _element("h2", title)
    yield from parts


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heading = "".join(_element("th", one) for one in head)
    lines = "\n".join("<tr>" + "".join(_element("td", one) for one in row) + "</tr>" for row in rows)
    return f"<table>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _facts(facts: Mapping[str, str]) -> str:
    lines = "\n".join(
        f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in facts.items()
    )
    return f"<table>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _list(lines: Iterable[str]) -> str:
    return f"<ul>\n{''.join(_element('li', one) for one in lines)}\n</ul>"


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_in_words(inner)}" for key, inner in sorted(value.items())) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_in_words, value)) or "none"
    return str(value)


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_text(text)}</{tag}>"


def _count(ones: Sequence[object] | None) -> str:
    return _NOT_SEEN if ones is None else f"{len(ones):,}"


def _text(text: str) -> str:
    """Names in a tenant are free text: none of it is markup, and none of it is hidden."""
    return escape(visible(text))
