"""Microsoft's SDK in PlaceOS's name against the emulated tenant."""

import asyncio
from datetime import timedelta

import pytest

import permissions
from clock import SystemClock
from deployer import client_secret_credential
from graph import applications
from tests.emulated import emulated
from tests.roomctl.conftest import Scene, scene
from tests.verify.stacks import OUTSIDE, ROOM, promise
from verify.calls import CALLS
from verify.outcome import Seen
from verify.placeos_graph import PlaceosGraph
from verify.promise import Expected, Question, Slot
from verify.sending import sending
from wire import Invalid, NotAuthorised, Transient

__all__ = ["emulated", "scene"]


DEVICES = "DeviceManagementManagedDevices.Read.All"
OTHERS = {DEVICES: "2f51be20-0bb4-4fed-bf7b-db946066c75e"}
"""The ids of what no stack grants."""


class Placeos:
    """An application with a secret, and the consents of a test."""

    def __init__(self, scene: Scene, *names: str) -> None:
        self.tenant, deployer = scene.emulated.tenant, scene.emulated.deployer
        made = scene.application()
        principal = scene.principal(made)
        for name in names:
            scene.grant(principal, OTHERS.get(name) or permissions.find(name).id)
        ends = deployer.clock.now() + timedelta(days=1)
        secret = applications.add_password(scene.emulated.graph, made["id"], display_name="x", ends=ends)
        self.slot = Slot("slot-0", secret.key_id, True, secret.secret)
        self.credential = client_secret_credential(
            deployer.tenant_id, made["appId"], secret.secret, deployer.cloud, deployer.clock
        )
        self.scope = deployer.cloud.graph_scope
        self.promise = promise(client_id=made["appId"], refused=(OUTSIDE,))
        self.told: list[str] = []
        self.graph = PlaceosGraph(
            self.promise, self.credential, deployer.cloud, deployer.clock, self.told.append
        )

    def ask(self, *names: str) -> list[Seen]:
        calls = {call.name: call for call in CALLS}
        return self.graph.ask([Question(self.slot, calls[name], ROOM, Expected.WORKS) for name in names])


@pytest.fixture
def placeos(scene: Scene) -> Placeos:
    return Placeos(scene, "Calendars.ReadWrite")


def test_it_waits_on_the_clock_of_the_tenant_as_long_as_graph_asks(scene, placeos):
    scene.emulated.fault(path="calendarView", status=429, headers={"Retry-After": "120"})
    scene.emulated.fault(path="calendarView", status=503)
    started = scene.emulated.tenant.clock.now()
    assert [seen.status for seen in placeos.ask("calendar view")] == [200]
    assert scene.emulated.tenant.clock.now() - started > timedelta(seconds=120)


def test_while_one_call_waits_the_others_go_on_and_an_end_is_heard(scene, placeos):
    """On this machine's clock, as with a live tenant."""
    scene.emulated.fault(path="calendarView", status=429, headers={"Retry-After": "120"})

    async def ended() -> int:
        async with sending(placeos.credential, scene.emulated.deployer.cloud, SystemClock()) as graph:
            waits = asyncio.create_task(graph.send("GET", f"/users/{ROOM}/calendar/calendarView"))
            while "calendarView" not in str(placeos.tenant.store.logged()):
                answer = await graph.send("GET", f"/users/{ROOM}/calendar")
            waits.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waits
            return answer.status_code

    assert asyncio.run(ended()) == 200


def test_a_schedule_that_could_not_be_read_is_told_inside_an_answer_of_success(scene, placeos):
    error = {"message": "The mailbox was not found.", "responseCode": "ErrorMailRecipientNotFound"}
    body = {"value": [{"scheduleId": ROOM, "availabilityView": "", "error": error}]}
    scene.emulated.fault(path="getSchedule", status=200, body=body)
    failed, read = [placeos.ask("getSchedule")[0] for _ in range(2)]
    assert failed == Seen(200, "ErrorMailRecipientNotFound", "The mailbox was not found.")
    assert read == Seen(200)


def test_it_signs_in_once(placeos):
    placeos.credential.get_token(placeos.scope)
    placeos.ask("calendar", "calendars")
    assert sum(one["path"].endswith("/token") for one in placeos.tenant.store.logged()) == 2, (
        "and the operator"
    )


def test_a_sign_in_that_fails_meanwhile_is_told(scene, placeos):
    scene.emulated.fault(
        path="/token", status=401, body={"error": "x", "error_description": "AADSTS7000222: y"}
    )
    with pytest.raises(NotAuthorised, match="AADSTS7000222"):
        placeos.ask("calendar")


def test_without_an_answer_nothing_was_looked_at(scene, placeos):
    scene.emulated.fault(path="calendarView", status="reset", times=20)
    with pytest.raises(Transient, match="the connection broke"):
        placeos.ask("calendar view")


def test_a_tenant_that_is_not_trusted_is_not_asked(scene, placeos, monkeypatch):
    placeos.ask("calendar")  # the token is there
    graph = PlaceosGraph(
        placeos.promise, placeos.credential, scene.emulated.deployer.cloud, SystemClock(), print
    )
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    before = len(placeos.tenant.store.logged())
    with pytest.raises(Invalid, match="the server's certificate is not trusted"):
        graph.ask([Question(placeos.slot, CALLS[0], ROOM, Expected.WORKS)])
    assert len(placeos.tenant.store.logged()) == before


def test_a_call_that_breaks_does_not_take_the_others_answers_along(scene, placeos):
    scene.emulated.fault(path="calendarGroups", status="reset", times=20)
    read, broken = placeos.ask("calendar", "calendar groups")
    assert read == Seen(200)
    assert (broken.status, str(broken)) == (0, "no answer")
    assert "the connection broke" in str(broken.broken)
