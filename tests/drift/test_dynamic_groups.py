"""Groups that fill themselves by a rule: nobody takes a member out of them, so no command says so."""

import pytest

from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import entra_group
from wire import NotAuthorised

RULE = '(user.department -eq "Facilities")'


def fills_itself(made: Made, group: str, *, mail: bool = False) -> None:
    """No rule names a principal or a group today; what Entra tells is taken as it is."""
    store = made.emulated.tenant.store
    held = store.get("group", group)
    assert held
    rule = {"groupTypes": ["DynamicMembership"], "membershipRule": RULE, "mailEnabled": mail}
    store.put("group", group, held | rule)


@pytest.mark.parametrize("mail", [False, True])
@pytest.mark.parametrize(
    ("rule", "member"), [("group-membership", "principal"), ("group-used-elsewhere", "room group")]
)
def test_its_rule_has_to_change(made: Made, rule: str, member: str, mail: bool) -> None:
    held = made.code.principal if member == "principal" else made.group
    group = entra_group(made, "Facilities of a rule", held)
    fills_itself(made, group, mail=mail)
    [found] = made.reported().findings
    assert found.rule == rule
    assert found.repair.startswith(f"# the group fills itself by the rule {RULE}; whoever keeps it")
    assert f"az rest --method PATCH --url {made.graph.address(f'/v1.0/groups/{group}')}" in found.repair
    assert "\n" not in found.repair
    assert typed(found.repair, made.graph, made.exchange) == []


def test_the_tenant_refuses_what_is_proposed_for_other_groups(made: Made) -> None:
    group = entra_group(made, "Facilities of a rule", made.code.principal)
    fills_itself(made, group)
    with pytest.raises(NotAuthorised):
        made.graph.delete(f"/v1.0/groups/{group}/members/{made.code.principal}/$ref")
