"""A stack has the same files by whatever of its names it is called."""

import pytest

from drift.accepted import lines_for
from stack_files import acceptances_file, settings_file, short_name
from tests.drift.told import finding


@pytest.mark.parametrize("stack", ["prod", "placeos-m365/prod", "acme/placeos-m365/prod"])
def test_its_files(stack: str) -> None:
    assert short_name(stack) == "prod"
    assert settings_file(stack) == "Pulumi.prod.yaml"
    assert acceptances_file(stack) == "accepted/prod.yaml"
    assert lines_for(finding(), stack).startswith("# accepted/prod.yaml\n")
