from rules.exceptions_in_force import RULE
from rules.owners_set import RULE as OWNERS
from rules.single_tenant import RULE as TENANT
from tests.policies.stack import changed, judge

BROKEN = {**changed("application", owners=[], signInAudience="AzureADMultipleOrgs")}


def exception(reason):
    return {"resource": "app*", "reason": reason, "owner": "rooms@contoso.example", "expires": "2999-12-31"}


def test_each_is_told_once_in_one_order():
    for _ in range(2):  # a preview that was cut off, and the run
        judge(TENANT, BROKEN, {"exceptions": [exception("Merger.")]})
        judge(OWNERS, BROKEN, {"exceptions": [exception("Handed\nover")]})
    assert [one.message.partition(" and ")[0] for one in judge(RULE, {})] == [
        "application breaks owners-set",
        "application breaks single-tenant",
    ]
    assert judge(RULE, {}) == []


def test_its_message_is_one_line():
    judge(OWNERS, BROKEN, {"exceptions": [exception("Handed\nover")]})
    [said] = judge(RULE, {})
    assert said.message == (
        "application breaks owners-set and passes until 2999-12-31: Handed over. rooms@contoso.example "
        "answers for it. Mend it before that day, or have the exception reviewed again."
    )


def test_what_nothing_breaks_is_not_told():
    judge(OWNERS, changed("application"), {"exceptions": [exception("Old.")]})
    assert judge(RULE, {}) == []
