"""What a newcomer sees: `make up` from nothing and again, what it hands over, and a stack file gone wrong."""

from pathlib import Path

import pytest
import yaml

from emulator.server import EmulatedTenant
from emulator.tenants import CONTOSO
from tests.docs.reader import copy_checkout
from tests.terminal.snapshots import Look, looks_as_recorded

WITH_ENGINE = [".venv/bin/python", "-m", "toolchain", "run", "--"]
START = "2027-02-01T09:00:00Z"
"""When the tenant begins, so that the dates are the same each time."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, without what was ever made in it, whose tenant begins at a fixed time."""
    copy = tmp_path / "checkout"
    copy_checkout(copy)
    tenant = tmp_path / "contoso.yaml"
    tenant.write_text(f"{CONTOSO.read_text(encoding='utf-8')}\nstart: {START}\n", encoding="utf-8")
    with EmulatedTenant(tenant, copy / ".dev/tenant.sqlite"):
        return copy


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_up_handover_and_wrong_settings(checkout: Path) -> None:
    """One stack for all of it: bringing one up is what takes long."""
    first = looks_as_recorded("make-up", ["make", "up"], folder=checkout, looks=[Look(80, colour=True)])
    again = looks_as_recorded(
        "make-up-again", ["make", "up"], folder=checkout, looks=[Look(120, colour=False)]
    )
    assert {shown.code for shown in (*first, *again)} == {0}

    stack = {
        "PULUMI_BACKEND_URL": f"file://{checkout}/.dev/state",
        "PULUMI_CONFIG_PASSPHRASE": "emulated-tenant",
    }
    handover = [*WITH_ENGINE, ".venv/bin/roomctl", "handover", "--stack", "dev"]
    assert {one.code for one in looks_as_recorded("handover", handover, stack, folder=checkout)} == {0}

    path = checkout / "Pulumi.dev.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["config"] |= {
        "placeos-m365:allowRemoval": 3,
        "placeos-m365:mailboxAccess": "",
        "placeos-m365:rotationAnchor": "1.1.2026",
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    preview = [*WITH_ENGINE, "pulumi", "preview", "--stack", "dev"]
    wrong = looks_as_recorded("settings-error", preview, stack, folder=checkout)
    assert 0 not in {one.code for one in wrong}
