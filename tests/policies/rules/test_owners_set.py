import pytest

from rules.owners_set import RULE
from tests.policies.stack import UNKNOWN, changed, clean, judge


@pytest.mark.parametrize("resource", ["application", "principal"])
@pytest.mark.parametrize(
    ("owners", "refused"), [([UNKNOWN], False), (UNKNOWN, False), (["a"], False), ([], True), (None, True)]
)
def test_owners(resource, owners, refused):
    found = judge(RULE, changed(resource, owners=owners))
    assert [one.message.partition(".")[0] for one in found] == (
        [f"{resource} has no owner"] if refused else []
    )


def test_both_are_named():
    parts = clean()
    del parts["application"].props["owners"], parts["principal"].props["owners"]
    assert [one.name for one in judge(RULE, parts)] == ["application", "principal"]
