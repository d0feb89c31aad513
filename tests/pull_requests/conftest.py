"""The stack dev, brought up once from this checkout: what every pull request is compared with."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.rehearsal import rehearsing
from tests.pull_requests.checkout import merged


@dataclass(frozen=True)
class Applied:
    """The variables with which `roomctl review` sees the stack."""

    variables: dict[str, str]


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    folder = tmp_path_factory.mktemp("applied")
    with rehearsing(folder) as rehearsal:
        variables = {
            **rehearsal.environment,
            "PULUMI_CONFIG_PASSPHRASE": "emulated-tenant",
            "REQUESTS_CA_BUNDLE": str(rehearsal.tenant.ca_bundle),
        }
        tree = merged(folder / "checkout")
        for command in (["stack", "init", "dev"], ["up", "--yes", "--skip-preview", "--stack", "dev"]):
            _pulumi(tree, variables, *command)
        yield Applied(variables)


def _pulumi(tree: Path, variables: dict[str, str], *arguments: str) -> None:
    ended = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=tree,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
