"""What is known of each permission, from permissions/catalogue.json.

`python -m docs.permissions --write` renews docs/permissions.md; `--check` ends with 7 when it is out of date.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from docs.generated import command, markdown_table
from permissions import (
    GRAPH_APP_ID,
    LEVELS,
    PROFILES_IN_FULL,
    SOURCES,
    Permission,
    known,
    profile,
)

_PAGE = Path(__file__).with_name("permissions.md")
_ANY = ".All"
_HEADING = """\
# Permissions

Every application permission that this project knows: what it opens, what happens at worst, who needs it,
and why the room application has it or has it not. A name that is not here can't be granted. Generated from
[permissions/catalogue.json](../permissions/catalogue.json) by `python -m docs.permissions --write`."""
_LEVELS = """\
## Levels
A level says what happens at worst when whoever holds the permission is somebody else. It is our own
judgement, and each has its reason below. What opens mailboxes and can be granted is judged with the scope
that this project puts around it, and says so; everything else is judged tenant-wide. `critical` is never
granted to the room application. What is not here has no level: look at it before you grant it."""
_PROFILES = """\
## Profiles
What a stack grants to the room application, chosen by `permissionProfile`. *In the scope*: in the mailboxes
that the access policies leave open. *Tenant-wide*: no policy and no role in Exchange narrows it."""
_GRANTABLE = """\
## What may be granted
Those of the profiles, and others for `permissions`, the explicit list."""
_OWN = """\
## Rights of our own identities
What the [roles](../README.md#the-deployers-rights) that run this project hold. `administrator` is an
application that runs `roomctl create-deployer` in place of a person. The room application may have no other
of them than `User.Read.All`."""
_EXCLUDED = """\
## Deliberately excluded
They exist, and some document or neighbour of PlaceOS speaks of them, or they are a little wider than what
is granted. The room application gets none of them."""
_LOOK_ALIKES = """\
## Names that look alike
Names that don't exist, that only people can have, or that mean something else than they seem to. An id
alone says nothing, and neither does a name: always look at the service, too."""
_RATINGS = """\
## Ratings side by side
What public sources say, as they say it, beside our level. They contradict each other: Microsoft rates
`Calendars.Read` above `Calendars.ReadWrite`, and `User.Read.All` is High to one source and of little
consequence to another. They rate a permission as it is without a scope. Not rated does not mean harmless."""
_CHECK = """\
## Whether your tenant agrees
`roomctl review --check-catalogue` asks the tenant's own services for the names and ids of their app roles
and compares: an id that is called otherwise now, a name that has another id, a permission that is gone or
disabled, a name that should not exist and does. It takes `Application.Read.All` and changes nothing. 0:
they agree; 7: they differ; 1: could not look. A new permission that is not in the catalogue is no
difference.

On the emulated tenant they agree. On a live one nobody has asked yet; unconfirmed is

- whether every one is offered: `Calendars.Read.All`, `Calendars.ReadWrite.All`, `Group.ReadBasic.All`,
  `GroupMember.ReadBasic.All` and `Place.ReadWrite.All` are not among the
  [descriptions](https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/6cbd6bbd665a877560fdefbad74f3bdb5b57af88/permissions/permissions-descriptions.json)
  that Microsoft publishes. None of them can be granted by this project;
- whether every tenant's Exchange Online offers the same app roles: Microsoft publishes no list, the ids are
  from ScubaGear and EntraOps;
- whether `Calendars.ReadBasic` is for applications somewhere: Microsoft's
  [permissions.json](https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/6cbd6bbd665a877560fdefbad74f3bdb5b57af88/permissions/new/permissions.json)
  speaks of it as such, no list of app roles has it;
- which app roles other clouds offer: Microsoft's list is the public cloud's;
- whether Microsoft Graph ever tells a part of the app roles only: then those that it left out are told as
  not offered. An answer without any is taken for "could not look".
"""


def page() -> str:
    """docs/permissions.md."""
    return "\n\n".join((_HEADING, *_sections(), _CHECK))


def _sections() -> Iterator[str]:
    yield _LEVELS
    yield markdown_table(
        ("Level", "What it means"), ((f"**{level}**", meaning) for level, meaning in LEVELS.items())
    )
    yield _PROFILES
    for name in PROFILES_IN_FULL:
        yield from _profile(name)
    yield _GRANTABLE
    for one in known():
        if one.grantable:
            yield from _in_full(one)
    for heading, belongs, columns in (
        (_OWN, is_own_right, _OWN_COLUMNS),
        (_EXCLUDED, is_excluded, _EXCLUDED_COLUMNS),
        (_LOOK_ALIKES, is_look_alike, _LOOK_ALIKE_COLUMNS),
    ):
        yield heading
        yield _table(columns, filter(belongs, known()))
    yield _RATINGS
    yield "\n".join(f"- [{one.title}]({one.url}), of {one.read}" for one in SOURCES.values())
    rated = [one for one in known() if one.ratings]
    yield _table(_RATING_COLUMNS, rated)


def is_own_right(one: Permission) -> bool:
    """Whether an identity of this project takes it."""
    return bool(one.needed_by_module)


def is_look_alike(one: Permission) -> bool:
    """Whether it is taken for one that may be granted: by name, by id, or as one that is none."""
    return not one.grantable and (not one.id or any(_alike(one, other) for other in known()))


def is_excluded(one: Permission) -> bool:
    """Whether it exists, means what it seems to, and is nobody's here."""
    return not (one.grantable or is_own_right(one) or is_look_alike(one))


def _alike(one: Permission, other: Permission) -> bool:
    """Whether the other may be granted and has this one's name, but for an ".All", or its id."""
    if not other.grantable or one == other:
        return False
    return one.id == other.id or one.name.removesuffix(_ANY) == other.name.removesuffix(_ANY)


Columns = Sequence[tuple[str, Callable[[Permission], str]]]


def _table(columns: Columns, rows: Iterable[Permission]) -> str:
    return markdown_table(
        [heading for heading, _ in columns], ([cell(one) for _, cell in columns] for one in rows)
    )


def _profile(name: str) -> Iterator[str]:
    described = PROFILES_IN_FULL[name]
    yield f"### `{name}`\nFor {described.purpose} ([source]({described.source}))."
    yield _table(_PROFILE_COLUMNS, profile(name))


def _in_full(one: Permission) -> Iterator[str]:
    needs = ", ".join(f"[{need.call}]({need.source})" for need in one.needed_by)
    yield f"### `{one.name}`\n{one.opens} **{one.level}**: {one.level_reason}"
    lines = [f"- Reach: {_reach(one)}.", f"- PlaceOS needs it for {needs}."]
    if one.narrower:
        lines.append(f"- Narrower: `{one.narrower.name}`, which loses {one.narrower.loses}.")
    else:
        lines.append("- Narrower: nothing that does the same.")
    lines.append(f"- Id on {one.resource.name}: `{one.id}`.")
    yield "\n".join(lines)


def _reach(one: Permission) -> str:
    if not one.scoped_by:
        return "tenant-wide"
    return "in the scope of an access policy, or of a role in Exchange (RBAC for Applications)"


def _short_reach(one: Permission) -> str:
    return "in the scope" if one.scoped_by else "tenant-wide"


def _name(one: Permission) -> str:
    return f"`{one.name}`"


def _service(one: Permission) -> str:
    return "Graph" if one.resource.app_id == GRAPH_APP_ID else "Exchange Online"


def _level(one: Permission) -> str:
    return f"**{one.level}**"


def _judged(one: Permission) -> str:
    return f"**{one.level}**: {one.level_reason}"


def _for_whom(one: Permission) -> str:
    return "<br>".join(f"{need.role}: {need.why}" for need in one.needed_by_module)


def _instead(one: Permission) -> str:
    return ", ".join(f"`{name}`" for name in one.instead) or "nothing"


def _why_not(one: Permission) -> str:
    return f"{one.excluded[0].upper()}{one.excluded[1:]}."


def _id(one: Permission) -> str:
    return f"`{one.id}`" if one.id else "none"


def _narrower(one: Permission) -> str:
    return f"`{one.narrower.name}`" if one.narrower else ""


def _opens(one: Permission) -> str:
    return one.opens


def _rating(source: str) -> Callable[[Permission], str]:
    def cell(one: Permission) -> str:
        return next((rating.value for rating in one.ratings if rating.source == source), "not rated")

    return cell


_PROFILE_COLUMNS: Columns = (
    ("Permission", _name),
    ("Level", _level),
    ("Reach", _short_reach),
    ("Opens", _opens),
    ("Narrower", _narrower),
)
_OWN_COLUMNS: Columns = (
    ("Right", _name),
    ("On", _service),
    ("Opens", _opens),
    ("At worst", _judged),
    ("Who takes it", _for_whom),
    ("Id", _id),
)
_EXCLUDED_COLUMNS: Columns = (
    ("Permission", _name),
    ("On", _service),
    ("Opens", _opens),
    ("At worst", _judged),
    ("Why not", _why_not),
    ("Write", _instead),
    ("Id", _id),
)
_LOOK_ALIKE_COLUMNS: Columns = (
    ("Name", _name),
    ("On", _service),
    ("Id", _id),
    ("Opens", _opens),
    ("At worst", _judged),
    ("Why not", _why_not),
    ("Write", _instead),
)
_RATING_COLUMNS: Columns = (
    ("Permission", _name),
    ("On", _service),
    ("Ours", _level),
    *((one.title.partition(":")[0].partition(" (")[0], _rating(key)) for key, one in SOURCES.items()),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew or check the page: 0 fine, 7 it is out of date."""
    return command("docs.permissions", __doc__, _PAGE, lambda _: page(), arguments)


if __name__ == "__main__":
    sys.exit(main())
