"""Roles over the application alone: whom the code names is fine, and all of them are gone before secrets."""

import yaml

from drift.looks import LOOKS
from drift.repair import in_order
from tests.drift.made import Made
from tests.drift.tampering import PERSON, TAMPERINGS, user


def test_who_is_an_owner_in_the_code_needs_no_role(made: Made) -> None:
    TAMPERINGS["a role over the application"].do(made)
    person = user(made, PERSON)
    told = made.reported(owners=made.code.owners | {person}).findings
    assert "role-over-application" not in {one.rule for one in told}


def test_whom_the_settings_name_may_hold_one_and_that_is_what_is_proposed(made: Made) -> None:
    """The identity that rotates the secrets is one of them."""
    TAMPERINGS["a role over the application"].do(made)
    [found] = made.reported().findings
    proposed = yaml.safe_load(found.accept)["config"]["placeos-m365:applicationAdministrators"]
    assert made.reported(administrators=frozenset(proposed)).findings == ()
    [found] = made.reported(administrators=frozenset({made.code.application})).findings
    assert found.rule == "role-over-application"


def test_it_is_taken_away_before_what_who_holds_it_could_add_again(made: Made) -> None:
    for name in ("a secret", "a role over the application"):
        TAMPERINGS[name].do(made)
    assert "roleAssignments" in in_order(made.reported().findings)[0]


def test_its_own_application_is_its_owner_s(made: Made) -> None:
    TAMPERINGS["a role over the application"].do(made)
    assert "role-over-application" not in {one.rule for one in made.reported(existing=True).findings}


def test_all_is_asked_in_two_requests(made: Made) -> None:
    looking = made.asking()
    before = _batches(made)
    for ask in LOOKS.values():
        list(ask(looking))
    assert _batches(made) - before == 2


def _batches(made: Made) -> int:
    return sum(str(one.get("path", "")).endswith("/$batch") for one in made.emulated.tenant.store.logged())
