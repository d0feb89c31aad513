"""The README's table of the deployer's rights: enough for a run, and none too many."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from emulator.tenants import CONTOSO
from roomctl.emulate import AzureadPlugin
from tests.docs.commands import README
from tests.engine.rehearsal import Rehearsal, rehearsing

pytestmark = pytest.mark.engine


def documented() -> dict[str, list[str]]:
    """The table: service, or "Entra role", and its rights."""
    section = README.read_text(encoding="utf-8").partition("### 1. The deployer")[2].partition("\n### ")[0]
    rights: dict[str, list[str]] = {}
    for right, service in re.findall(r"^\| `?([\w. ]+?)`? \| ([\w ]+) \| .* \|$", section, re.MULTILINE)[1:]:
        rights.setdefault(service, []).append(right)
    return rights


RIGHTS = documented()
ON_GRAPH = RIGHTS.get("Microsoft Graph", [])


def test_the_table_is_read():
    assert set(RIGHTS) == {"Microsoft Graph", "Office 365 Exchange Online", "Entra role"}
    assert len(ON_GRAPH) == 5


def test_a_run_succeeds_with_exactly_these_rights(tmp_path, azuread_plugin):
    with rehearsed(tmp_path, RIGHTS, azuread_plugin) as rehearsal:
        up = rehearsal.up()
        assert up.code == 0, up.output
        assert rehearsal.drift().code == 0


@pytest.mark.parametrize("missing", ON_GRAPH)
def test_a_run_stops_without_any_one_of_them(tmp_path, azuread_plugin, missing):
    fewer = RIGHTS | {"Microsoft Graph": [right for right in ON_GRAPH if right != missing]}
    with rehearsed(tmp_path, fewer, azuread_plugin) as rehearsal:
        up = rehearsal.up()
        assert up.code not in (0, 7), up.output
        made = [one for one in rehearsal.requests() if one["path"].endswith("/addPassword")]
        assert not [one for one in made if one["status"] < 300], "and no credential was made"


@contextmanager
def rehearsed(
    folder: Path, rights: Mapping[str, list[str]], azuread_plugin: AzureadPlugin
) -> Iterator[Rehearsal]:
    """A stack whose deployer has these rights and no other, and whose settings need each of them."""
    document = yaml.safe_load(CONTOSO.read_text(encoding="utf-8"))
    [deployer] = [app for app in document["apps"] if app["name"] == document["deployer"]]
    deployer["roles"] = rights["Entra role"]
    deployer["permissions"] = {name: held for name, held in rights.items() if name != "Entra role"}
    file = folder / "tenant.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with rehearsing(folder, file, azuread_plugin=azuread_plugin) as made:
        made.configure(applicationOwners=["ada.ashby@contoso.example"])
        yield made
