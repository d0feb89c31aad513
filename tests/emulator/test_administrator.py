import pytest

from tests.emulated import Emulated
from wire import NotAuthorised

GROUP = {"displayName": "g", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
ROOM = "syd-01-harbour@contoso.example"


def test_an_administrator_may_do_what_the_deployer_may_not(emulated: Emulated) -> None:
    administrator = emulated.administrator
    with pytest.raises(NotAuthorised):
        emulated.graph.post("/v1.0/groups", GROUP)
    group = administrator.graph.post("/v1.0/groups", GROUP)
    client = administrator.graph.get(f"/v1.0/servicePrincipals(appId='{emulated.deployer.client_id}')")
    administrator.graph.post(
        f"/v1.0/groups/{group['id']}/members/$ref",
        {"@odata.id": administrator.graph.address(f"/v1.0/directoryObjects/{client['id']}")},
    )
    change = {"Identity": ROOM, "User": "ada.ashby", "AccessRights": ["FullAccess"]}
    with pytest.raises(NotAuthorised):
        emulated.exchange.run("Add-MailboxPermission", **change)
    assert administrator.exchange.run("Add-MailboxPermission", **change)


def test_an_administrator_stands_nowhere_and_outlives_the_longest_wait(emulated: Emulated) -> None:
    administrator, before = emulated.administrator, len(emulated.tenant.store.all("servicePrincipal"))
    graph, exchange = administrator.graph, administrator.exchange
    assert len(graph.list("/v1.0/servicePrincipals")) == before
    emulated.tenant.clock.advance(90 * 24 * 3600)
    assert len(graph.list("/v1.0/servicePrincipals")) == before
    assert exchange.run("Get-OrganizationConfig")
