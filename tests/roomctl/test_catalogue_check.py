"""The catalogue of permissions beside what the tenant's own services offer."""

from collections.abc import Callable
from typing import Any

import pytest

import permissions
from graph.service_principals import AppRole
from permissions import EXCHANGE_APP_ID, GRAPH_APP_ID
from roomctl.catalogue_check import check_catalogue, disagreements, show
from roomctl.look import Answer, Look, Row, Section
from tests.emulated import Emulated

ROLE = "00000000-0000-4000-8000-00000000000a"
BOOKING = "ef54d2bf-783f-4e0f-bca1-3210c0444d99"
"""Calendars.ReadWrite on Microsoft Graph, Calendars.ReadWrite.All on Exchange Online."""
BOTH = ["Microsoft Graph", "Office 365 Exchange Online"]


def changed(emulated: Emulated, app_id: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Microsoft changes what one of its services offers."""
    store = emulated.tenant.store
    [service] = [one for one in store.all("servicePrincipal") if one["appId"] == app_id]
    roles = [dict(role) for role in service["appRoles"]]
    change(roles)
    store.put("servicePrincipal", service["id"], service | {"appRoles": roles})


def role_of(roles: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(role for role in roles if role["value"] == name)


def checked(emulated: Emulated) -> list[Row]:
    return check_catalogue(lambda: emulated.graph)


def found(rows: list[Row]) -> dict[str, str]:
    return {row.about: row.seen for row in rows if row.answer is Answer.FOUND}


def test_the_tenant_and_the_catalogue_agree(emulated, capsys):
    rows = checked(emulated)
    assert [(row.about, row.answer) for row in rows] == [(name, Answer.FINE) for name in BOTH]
    assert show(rows) == 0
    told = capsys.readouterr().out
    graph = sum(one.resource.app_id == GRAPH_APP_ID for one in permissions.known())
    assert f"Microsoft Graph: {graph} names and ids agree" in told


@pytest.mark.parametrize(
    ("change", "about", "seen"),
    [
        pytest.param(
            lambda roles: role_of(roles, "Calendars.ReadWrite").update(value="Calendars.Write"),
            "Calendars.ReadWrite (Microsoft Graph)",
            f"its id {BOOKING} is called Calendars.Write now",
            id="a role has another name",
        ),
        pytest.param(
            lambda roles: role_of(roles, "Calendars.ReadWrite").update(id=ROLE),
            "Calendars.ReadWrite (Microsoft Graph)",
            f"it has the id {ROLE}; the catalogue says {BOOKING}",
            id="a name has another id",
        ),
        pytest.param(
            lambda roles: roles.remove(role_of(roles, "Place.Read.All")),
            "Place.Read.All (Microsoft Graph)",
            "this tenant does not offer it",
            id="a role is gone",
        ),
        pytest.param(
            lambda roles: role_of(roles, "User.Read.All").update(isEnabled=False),
            "User.Read.All (Microsoft Graph)",
            "it is disabled, or no longer for applications",
            id="a role is disabled",
        ),
        pytest.param(
            lambda roles: role_of(roles, "User.Read.All").update(allowedMemberTypes=["User"]),
            "User.Read.All (Microsoft Graph)",
            "it is disabled, or no longer for applications",
            id="a role is for people only",
        ),
        pytest.param(
            lambda roles: roles.append({"id": ROLE, "value": "Contacts.Read.All"}),
            "Contacts.Read.All (Microsoft Graph)",
            f"applications can have it now, with the id {ROLE}",
            id="a name that did not exist does",
        ),
        pytest.param(
            lambda roles: roles.append({"id": ROLE, "value": "User.Read"}),
            "User.Read (Microsoft Graph)",
            f"applications can have it now, with the id {ROLE}",
            id="a delegated name is an app role, too",
        ),
    ],
)
def test_a_difference_is_told_by_name(emulated, capsys, change, about, seen):
    changed(emulated, GRAPH_APP_ID, change)
    rows = checked(emulated)
    assert found(rows) == {about: seen}
    assert show(rows) == 7
    told = capsys.readouterr().out
    assert about.partition(" ")[0] in told
    assert "names and ids agree" in told  # of the other service


def test_the_two_services_are_not_mixed_up(emulated):
    changed(emulated, EXCHANGE_APP_ID, lambda roles: roles.remove(role_of(roles, "Calendars.ReadWrite.All")))
    assert found(checked(emulated)) == {
        "Calendars.ReadWrite.All (Office 365 Exchange Online)": "this tenant does not offer it"
    }


def test_a_swap_of_two_names_is_two_findings(emulated):
    def swap(roles: list[dict[str, Any]]) -> None:
        role_of(roles, "Mail.Read").update(value="?")
        role_of(roles, "Mail.Send").update(value="Mail.Read")
        role_of(roles, "?").update(value="Mail.Send")

    changed(emulated, GRAPH_APP_ID, swap)
    assert list(found(checked(emulated))) == ["Mail.Read (Microsoft Graph)", "Mail.Send (Microsoft Graph)"]


def test_a_name_that_people_only_may_have_is_as_the_catalogue_says(emulated):
    of_people = {"id": ROLE, "value": "User.Read", "allowedMemberTypes": ["User"]}
    changed(emulated, GRAPH_APP_ID, lambda roles: roles.append(of_people))
    assert found(checked(emulated)) == {}


def test_a_tenant_without_exchange_is_told(emulated):
    store = emulated.tenant.store
    [service] = [one for one in store.all("servicePrincipal") if one["appId"] == EXCHANGE_APP_ID]
    store.delete("servicePrincipal", service["id"])
    rows = checked(emulated)
    assert found(rows) == {"Office 365 Exchange Online": "this tenant has no such service"}
    assert show(rows) == 7


def test_a_refusal_is_not_looked_at_and_never_agreement(emulated, capsys):
    store = emulated.tenant.store
    for consent in store.all("appRoleAssignment"):
        store.delete("appRoleAssignment", consent["id"])
    rows = checked(emulated)
    assert [(row.about, row.answer) for row in rows] == [(name, Answer.NOT_LOOKED) for name in BOTH]
    assert show(rows) == 1
    told = capsys.readouterr().out
    assert "Application.Read.All" in told
    assert "agree" not in told


def test_an_answer_without_app_roles_is_not_looked_at(emulated, capsys):
    changed(emulated, EXCHANGE_APP_ID, list.clear)
    rows = checked(emulated)
    assert [row.answer for row in rows] == [Answer.FINE, Answer.NOT_LOOKED]
    assert show(rows) == 1
    assert "it told no app role at all" in capsys.readouterr().out


def test_what_was_found_outranks_what_could_not_be_looked_at(emulated):
    changed(emulated, EXCHANGE_APP_ID, list.clear)
    changed(emulated, GRAPH_APP_ID, lambda roles: roles.remove(role_of(roles, "Mail.Send")))
    rows = checked(emulated)
    assert [row.answer for row in rows] == [Answer.FOUND, Answer.NOT_LOOKED]
    assert show(rows) == 7


def test_a_role_that_the_catalogue_does_not_know_is_no_difference():
    look = Look(Section.TENANT, "", "", lambda _: iter(()))
    assert list(disagreements(look, (), [AppRole(ROLE, "Rooms.Read.All", usable=True)])) == []
