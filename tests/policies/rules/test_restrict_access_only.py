import pytest

from rules.restrict_access_only import RULE
from tests.policies.stack import UNKNOWN, changed, judge


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        (["RestrictAccess", "RestrictAccess"], []),
        ([UNKNOWN], []),
        (UNKNOWN, []),
        ([], ["policies has no access right"]),
        (None, ["policies has no access right"]),
        (
            ["DenyAccess", "RestrictAccess", "Everything"],
            [
                "policies has the access right DenyAccess, which is not RestrictAccess",
                "policies has the access right Everything, which is not RestrictAccess",
            ],
        ),
    ],
)
def test_rights(rights, said):
    found = judge(RULE, changed("policies", accessRights=rights))
    assert [one.message.partition(".")[0] for one in found] == said
