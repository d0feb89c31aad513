"""The promise sentence as judgements over what the tenant was asked and what it would have answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.clock import EmulatedClock, parse_stamp
from emulator.exchange.enforcement import mailbox_access
from emulator.server import EmulatedTenant

PROBE = "Probe of "
Entry = dict[str, Any]


def holds(tenant: EmulatedTenant, outside: str) -> None:
    """Every sentence of the promise, for every application of the stack that the tenant ever had."""
    requests = tenant.store.logged()
    handed = [one for one in requests if _made_secret(one) and not one["credential"].startswith(PROBE)]
    for secret in handed:
        refused_just_before(requests, secret)
    if handed:
        client = _client_of(requests, handed[0])
        only_event_ids_before(requests, client, handed[0]["position"])
        never_open(tenant, client, outside, handed[0]["time"])


def refused_just_before(requests: list[Entry], secret: Entry) -> None:
    """No credential leaves the process until Graph refuses mailboxes outside the group.

    The probe before it got its last three answers of each mailbox outside as refusals.
    """
    probes = [one for one in requests if _made_secret(one) and one["credential"].startswith(PROBE)]
    probe = max(one["position"] for one in probes if one["position"] < secret["position"])
    client = _client_of(requests, secret)
    reads = [
        one
        for one in requests
        if probe < one["position"] < secret["position"] and _reads_events(one, client) and "fault" not in one
    ]
    answers: dict[str, list[int]] = {}
    for one in reads:
        answers.setdefault(one["path"], []).append(one["status"])
    closed = [path for path, statuses in answers.items() if statuses[-3:] == [403, 403, 403]]
    opened = [path for path, statuses in answers.items() if statuses[-3:] == [200, 200, 200]]
    assert closed, f"nobody was refused before {secret['credential']}"
    assert len(closed) + len(opened) == len(answers), f"Graph was not of one mind: {answers}"


def only_event_ids_before(requests: list[Entry], client: str, position: int) -> None:
    """Until then only the probe's token exists, and it reads event ids."""
    asked = [one for one in requests if one.get("client") == client and one["position"] < position]
    reads = [one for one in asked if "/oauth2/" not in one["path"]]
    assert reads
    for one in reads:
        assert one["method"] == "GET", one
        assert one["path"].endswith("/events"), one
        assert "select=id" in one["query"], one


def never_open(tenant: EmulatedTenant, client: str, mailbox: str, since: str) -> None:
    """From the first credential on, Graph refuses the mailbox at the moment of every request."""
    recipient = next(one for one in tenant.store.all("recipient") if one.get("PrimarySmtpAddress") == mailbox)
    for moment in sorted({one["time"] for one in tenant.store.logged() if one["time"] >= since}):
        access = mailbox_access(tenant.store, _Then(parse_stamp(moment)), client, recipient)
        assert access == "denied", f"{mailbox} stood open at {moment}"


@dataclass(frozen=True)
class _Then(EmulatedClock):
    """A clock that stands at one moment."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def _made_secret(one: Entry) -> bool:
    happened = one["status"] < 300 or one.get("fault") == "after"
    return one["path"].endswith("/addPassword") and "credential" in one and happened


def _reads_events(one: Entry, client: str) -> bool:
    return one.get("client") == client and one["path"].endswith("/events")


def _client_of(requests: list[Entry], secret: Entry) -> str:
    """The application that the events were read as last before the secret was made for it."""
    before = [one for one in requests if one["position"] < secret["position"]]
    return str(next(one["client"] for one in reversed(before) if one["path"].endswith("/events")))
