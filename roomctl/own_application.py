"""Whether an application is the deployer that this command made, and nobody else can be it."""

import re
import uuid
from collections.abc import Collection, Iterator

from graph.registrations import SINGLE_TENANT, Registration, unique_name

NOTE = "Made by roomctl create-deployer."
"""Stands in the application's notes, and describes its role group."""
_SECRET = re.compile(r"create-deployer [0-9a-f]{12}")


def new_secret_name() -> str:
    """A name that no other secret has, and by which `doubts` knows that this command made it."""
    return f"create-deployer {uuid.uuid4().hex[:12]}"


def several(found: list[Registration], name: str) -> str:
    """Which of several applications to keep, and what to do with the others."""
    kept = [one for one in found if NOTE in one.notes and one.unique_name == unique_name(name)]
    others = ", ".join(one.app_id for one in found if one not in kept)
    if kept:
        return (
            f"{len(found)} applications are called {name}: this command made the one with the client id "
            f"{kept[0].app_id}; delete or rename {others} in Entra"
        )
    return (
        f"{len(found)} applications are called {name}, and this command made none of them ({others}): "
        "choose another --name"
    )


def doubts(found: Registration, name: str, owners: Collection[str], caller: str) -> Iterator[str]:
    """Why it may not get the deployer's rights: it is not ours, or somebody else could sign in as it.

    `owners` were asked for; `caller`, who may have become one by registering it, is taken away again.
    """
    if NOTE not in found.notes:
        yield (
            f"an application called {found.name} is there (client id {found.app_id}) that this command did "
            "not make: choose another --name, or delete it in Entra"
        )
    if found.name.casefold() != name.casefold():
        yield (
            f"the application that was made as {name} is called {found.name} now (client id {found.app_id}): "
            "rename it in Entra"
        )
    if found.audience != SINGLE_TENANT:
        yield (
            f"the application is open to other tenants ({found.audience}): set it to this one in Entra, "
            "Authentication"
        )
    yield from _credentials(found)
    if others := sorted(set(found.owners) - {*owners, caller}):
        yield (
            f"the application has other owners, who could sign in as it ({', '.join(others)}): name them "
            "with --owner, or take them out in Entra"
        )
    if found.principal and (others := sorted(set(found.principal.owners) - {caller})):
        yield (
            f"the service principal has owners, who could sign in as it ({', '.join(others)}): take them out "
            "in Entra, Enterprise applications"
        )


def _credentials(found: Registration) -> Iterator[str]:
    if found.certificates:
        yield (
            f"the application has {found.certificates} certificates, with which others could sign in as it: "
            "remove them in Entra, Certificates & secrets"
        )
    foreign = [one.display_name or one.key_id for one in found.passwords if not _ours(one.display_name)]
    if foreign:
        yield (
            f"the application has client secrets that this command did not make ({', '.join(foreign)}): "
            "remove them in Entra, Certificates & secrets"
        )
    if found.principal and found.principal.credentials:
        yield (
            "the service principal has secrets or certificates of its own "
            f"({found.principal.credentials}): remove them with Remove-MgServicePrincipalPassword or …Key"
        )


def _ours(secret_name: str) -> bool:
    return _SECRET.fullmatch(secret_name) is not None
