"""From the text of a setting to its value. Each reader raises RefusedValueError with reason and fix.

Pulumi keeps every value as text: `true`, `90`, and JSON for lists.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import permissions
from addresses import address_fault, is_dot_atom
from nearest import did_you_mean
from settings.problems import RefusedValueError

_Item = TypeVar("_Item")

_WHOLE = re.compile(r"-?\d{1,9}")
# An unquoted date in a stack file is YAML's own date, and Pulumi hands it on in this form.
_YAML_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+0000 UTC")


def text(limit: int) -> Callable[[str], str]:
    """A reader of one line of at most `limit` characters, without spaces at its ends."""

    def read(value: str) -> str:
        if not value.strip():
            raise RefusedValueError("it is empty", "write a text, or remove the key to get the default")
        if value != value.strip() or not value.isprintable():
            raise RefusedValueError(
                "it has spaces at its ends, or line breaks or control characters",
                "write it plainly on one line",
            )
        if len(value) > limit:
            raise RefusedValueError(f"it has {len(value)} characters, and {limit} are allowed", "shorten it")
        return value

    return read


def path(value: str) -> str:
    """The path of a file, read later."""
    return text(4096)(value)


def address(value: str) -> str:
    """One email address, in lower case: Exchange compares them without case."""
    if fault := address_fault(value):
        raise RefusedValueError(f"it is no email address: {fault}", "write one address, as name@example.com")
    return value.lower()


def alias(value: str) -> str:
    """An Exchange alias (learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup).

    Exchange also takes the letters U+00A1 to U+00FF, but maps them to others; those are refused here.
    """
    if len(value) > 64:
        raise RefusedValueError(f"it has {len(value)} characters, and an alias has 64", "shorten it")
    if not is_dot_atom(value):
        raise RefusedValueError(
            "Exchange allows letters, digits and !#$%&'*+-/=?^_`{|}~ in an alias, and periods between them",
            "write it without spaces and accents, such as placeosroombooking",
        )
    return value


def owner(value: str) -> str:
    """An application owner: a user principal name, or the object id of a user or service principal."""
    try:
        return str(UUID(value))
    except ValueError:
        pass
    if address_fault(value):
        raise RefusedValueError(
            "it is neither an object id nor a user principal name",
            "write an id like 1b2c3d4e-0000-0000-0000-000000000000, or a name like ada@example.com",
        )
    return value.lower()


def client_id(value: str) -> str:
    """The application (client) id of an application, in lower case."""
    return _id(value, "application (client) id", "App registrations, Overview")


def object_id(value: str) -> str:
    """The object id of a user, a group or a service principal, in lower case."""
    return _id(value, "object id", "Users, Groups, or Enterprise applications")


def _id(value: str, called: str, where: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise RefusedValueError(
            f"it is no {called}", f"copy it from Entra, {where}: 1b2c3d4e-0000-0000-0000-000000000000"
        ) from None


def domain(value: str) -> str:
    """A domain name, in lower case."""
    if fault := address_fault(f"anyone@{value}"):
        raise RefusedValueError(f"it is no domain name: {fault}", "write it as contoso.onmicrosoft.com")
    return value.lower()


def flag(value: str) -> bool:
    """True or false."""
    if value not in ("true", "false"):
        raise RefusedValueError("it is neither true nor false", "write true or false")
    return value == "true"


def whole_number(low: int, high: int, because: str) -> Callable[[str], int]:
    """A reader of whole numbers within the bounds, which are allowed themselves; `because` explains them."""

    def read(value: str) -> int:
        fix = f"write a whole number from {low} to {high}"
        if not (value.isascii() and _WHOLE.fullmatch(value)):
            raise RefusedValueError("it is no whole number", fix)
        if not low <= int(value) <= high:
            raise RefusedValueError(because, fix)
        return int(value)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one of these names, written exactly."""

    def read(value: str) -> str:
        if value not in choices:
            raise RefusedValueError(
                f"it is unknown: {did_you_mean(value, choices)}", f"write {' or '.join(choices)}"
            )
        return value

    return read


def mailbox_access(value: str) -> str:
    """How the application is kept to the rooms; `rbac` is known, and answers that it is not here yet."""
    chosen = one_of("applicationAccessPolicy", "rbac")(value)
    if chosen == "rbac":
        raise RefusedValueError(
            "RBAC for Applications is not in this version yet", "write applicationAccessPolicy"
        )
    return chosen


def conference_type(value: str) -> str | None:
    """What PlaceOS adds to each event that it makes: a Teams link, or for the empty text nothing."""
    return one_of("teamsForBusiness")(value) if value else None


def permission(value: str) -> permissions.Permission:
    """A Microsoft Graph application permission of the catalogue, by its name."""
    if reason := permissions.why_not(value):
        raise RefusedValueError(
            reason, "correct the name or remove it; what is known: permissions/catalogue.json"
        )
    return permissions.find(value)


def day(value: str) -> datetime:
    """A date, YYYY-MM-DD, as midnight UTC."""
    fix = "write it as YYYY-MM-DD, such as 2026-01-05"
    if found := _YAML_TIME.fullmatch(value):
        value, midnight = found[1], found[2] == "00:00:00"
        if not midnight:
            raise RefusedValueError("it holds a time of day", fix)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise RefusedValueError("it is no date", fix)
    try:
        midnight_utc = datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        raise RefusedValueError("there is no such day", fix) from None
    return _of_this_century(midnight_utc, fix)


def instant(value: str) -> datetime:
    """A moment in UTC, ending in Z."""
    fix = "write it in UTC and with Z at its end, such as 2026-01-05T08:00:00Z"
    if found := _YAML_TIME.fullmatch(value):
        value = f"{found[1]}T{found[2]}Z"
    if not value.endswith("Z"):
        raise RefusedValueError("it doesn't end in Z, so it may mean any time zone", fix)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RefusedValueError("it is no moment in time", fix) from None
    return _of_this_century(moment, fix)


def _of_this_century(moment: datetime, fix: str) -> datetime:
    """The moment, unless periods that are counted from it, or up to it, may leave the years 1 to 9999."""
    if not 2000 <= moment.year <= 2099:
        raise RefusedValueError(
            "it is not within 2000-01-01 to 2099-12-31, where the periods of client secrets are counted", fix
        )
    return moment


def list_of(
    read_item: Callable[[str], _Item], sort_key: Callable[[_Item], str]
) -> Callable[[str], tuple[_Item, ...]]:
    """A reader of JSON lists of texts: sorted, each item once. All bad items are refused together."""

    def read(value: str) -> tuple[_Item, ...]:
        items: dict[str, _Item] = {}
        refused: list[RefusedValueError] = []
        for raw in _texts(value):
            try:
                item = read_item(raw)
            except RefusedValueError as error:
                refused.append(RefusedValueError(error.reason, error.fix, raw))
                continue
            if sort_key(item) in items:
                refused.append(RefusedValueError("it is in the list twice", "keep it once", raw))
            items[sort_key(item)] = item
        if refused:
            raise ExceptionGroup("items of a list", refused)
        return tuple(items[key] for key in sorted(items))

    return read


def _texts(value: str) -> list[str]:
    fix = "write a YAML list in the stack file, one text an item"
    try:
        items = json.loads(value)
    except ValueError:
        raise RefusedValueError("it is no list", fix) from None
    except RecursionError:
        raise RefusedValueError("it holds lists within lists", fix) from None
    if not isinstance(items, list):
        raise RefusedValueError("it is no list", fix)
    if not all(isinstance(item, str) for item in items):
        raise RefusedValueError("it holds something else than texts", fix)
    return items
