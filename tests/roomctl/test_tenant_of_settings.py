"""A tenant made of settings: nothing of what they take for granted is missing in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

from deployer import deployer_from_environment
from emulator.server import EmulatedTenant
from exchange.ordinary_mailboxes import ordinary_mailboxes
from prerequisites import Asker, NewNames, questions, unmet
from rights import Role
from roomctl.tenant_of_settings import settings_of, tenant_of_settings
from settings import Settings, examples
from tests.emulated import Emulated

CSV = (
    "room_id,email,name,building,level,type,status\n"
    "1,board@rooms.firm.example,Board Room,HQ,1,room,active\n"
    "2,o'neil+pod@rooms.firm.example,Board Room,HQ,1,workspace,active\n"
    "3,van@firm.example,Van,HQ,1,equipment,active\n"
    "4,gone@firm.example,Gone,HQ,1,room,retired\n"
)
BUILDINGS = "code,name,timezone\nHQ,Headquarters,Europe/Berlin\n"
LEVELS = "building,code,name,order\nHQ,1,First,1\n"
VAULT = "/subscriptions/{}/resourceGroups/Rooms/providers/Microsoft.KeyVault/vaults/{}"
OBJECT_ID, CLIENT_ID = "1b2c3d4e-0000-4000-8000-00000000000a", "1b2c3d4e-0000-4000-8000-00000000000b"
SUBSCRIPTION = "1b2c3d4e-0000-4000-8000-00000000000c"
FIRM: dict[str, Any] = {
    **examples(),
    "roomGroupAddress": "placeosroombooking@firm.example",
    "roomGroupOwner": "exchange.admin@corp.example",
    "inventory": "rooms.csv",
    "applicationOwners": ["lead@corp.example", OBJECT_ID],
    "staff": ["ada@corp.example", "board@corp.example"],
    "staffGroupAddress": "placeosstaff@staff.example",
    "deniedMailboxes": ["ceo@corp.example", "placeosstaff@corp.example"],
    "keyVault": VAULT.format(SUBSCRIPTION, "firm-vault"),
}
OTHERS: dict[str, Any] = {
    **examples(),
    "everyRoomMailbox": True,
    "roomGroupOwner": "ceo@corp.example",
    "applicationClientId": CLIENT_ID,
    "acceptedPermissions": ["User.Read.All", "Mail.Read"],
    "staffGroup": "everybody@corp.example",
    "keyVault": VAULT.format(CLIENT_ID, "other-vault"),
}


@pytest.fixture
def parsed(tmp_path: Path) -> Callable[[dict[str, Any]], Settings]:
    for name, text in (("rooms", CSV), ("buildings", BUILDINGS), ("levels", LEVELS)):
        (tmp_path / f"{name}.csv").write_text(text)
    return lambda values: settings_of(values, tmp_path)


@contextmanager
def served(several: list[Settings], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    with EmulatedTenant(tenant_of_settings(*several).write(folder / "tenant.yaml")) as tenant:
        for name, value in tenant.environment.items():
            monkeypatch.setenv(name, value)
        yield Emulated(tenant, deployer_from_environment(tenant.environment))


def lacking(settings: Settings, there: Emulated) -> list[Any]:
    new = NewNames.of(settings, {}, "placeos")
    asker = Asker("plc:1a2b3c4d", there.deployer.client_id, there.deployer.tenant_id, Role.APPLY)
    asked = questions(settings, new, asker, there.exchange, there.graph, azure=lambda: there.azure)
    return unmet(asked)


def test_nothing_is_missing_of_what_both_take_for_granted(
    parsed: Callable[[dict[str, Any]], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, others = parsed(FIRM), parsed(OTHERS)
    with served([firm, others], tmp_path, monkeypatch) as there:
        assert lacking(firm, there) == []
        assert lacking(others, there) == []
        recipients = there.tenant.store.all("recipient")
        kinds = {one["PrimarySmtpAddress"]: one["RecipientTypeDetails"] for one in recipients}
        assert kinds["van@firm.example"] == "EquipmentMailbox"
        assert "gone@firm.example" not in kinds
        assert sum(kind == "RoomMailbox" for kind in kinds.values()) == 2 + 3
        named = {one["PrimarySmtpAddress"]: one["DisplayName"] for one in recipients}
        assert named["o'neil+pod@rooms.firm.example"] == "Board Room"
        assert there.deployer.clock.now().date() == firm.rotation_anchor.date()
        outside = ordinary_mailboxes(there.exchange, there.graph, kinds.keys() & set(firm.staff))
        assert "outsider.1@firm.example" in outside


def test_what_is_only_stood_in_for_is_said(parsed: Callable[[dict[str, Any]], Settings]) -> None:
    assert tenant_of_settings(parsed(FIRM)).remarks == ()
    assert tenant_of_settings(parsed(OTHERS), parsed(FIRM)).remarks == (
        "everyRoomMailbox: 3 rooms stand in for those of the tenant, whose number is not known",
        "staffGroup: 3 people stand in for those in everybody@corp.example",
        "acceptedPermissions: the stand-in application does not hold Mail.Read",
    )


def test_the_same_settings_make_the_same_tenant(parsed: Callable[[dict[str, Any]], Settings]) -> None:
    first, again = (json.dumps(tenant_of_settings(parsed(FIRM), parsed(OTHERS)).document) for _ in range(2))
    assert first == again


def test_an_address_that_a_stand_in_would_have_stays_whose_it_is(
    parsed: Callable[[dict[str, Any]], Settings],
) -> None:
    taken = {**OTHERS, "deniedMailboxes": ["outsider.1@example.com"], "roomGroupAlias": "outsider.3"}
    mailboxes = tenant_of_settings(parsed(taken)).document["mailboxes"]
    addresses, aliases = ([one[key] for one in mailboxes] for key in ("address", "alias"))
    assert len(set(addresses)) == len(addresses)
    assert len(set(aliases)) == len(aliases)
    assert "outsider.13@example.com" in addresses
    assert "outsider.3" not in aliases


def test_a_refs_settings_may_have_keys_of_another_time(
    parsed: Callable[[dict[str, Any]], Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settings_of({**FIRM, "colour": "red"}, tmp_path, "v1") == parsed(FIRM)
    with pytest.raises(typer.Exit) as ended:
        settings_of({**FIRM, "consent": "maybe"}, tmp_path, "v1")
    told = capsys.readouterr().err
    assert ended.value.exit_code == 1
    assert "The settings of v1 are not understood" in told
    assert "maybe" in told
    with pytest.raises(typer.Exit):
        settings_of({**FIRM, "colour": "red"}, tmp_path)
    assert "there is no such setting" in capsys.readouterr().err
