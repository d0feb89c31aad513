"""What a call made after all, or perhaps, is taken away or named, however the asking ends."""

import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.emulated import emulated
from tests.roomctl.conftest import Scene, scene
from tests.verify.stacks import ROOM
from tests.verify.test_placeos_graph import Placeos, placeos
from verify.calls import CALLS, SILENT, SUBJECT
from verify.outcome import Left, Seen
from verify.taking_away import TAKEN

__all__ = ["emulated", "placeos", "scene"]

SUBSCRIPTIONS, EVENTS = r"/subscriptions$", r"/calendar/events$"
ENDS = "2099-01-01T00:00:00Z"
ASKING = """
import sys
from clock import clock_from_environment
from clouds import cloud_from_environment
from deployer import client_secret_credential
from roomctl.signals import unwind_on_signals
from tests.verify.stacks import OUTSIDE, ROOM, promise
from verify.calls import CALLS
from verify.placeos_graph import PlaceosGraph
from verify.promise import Expected, Question, Slot

tenant, client, secret = sys.stdin.read().split()
unwind_on_signals()
clock, cloud = clock_from_environment(), cloud_from_environment()
credential = client_secret_credential(tenant, client, secret, cloud, clock)
made = promise(client_id=client, tenant_id=tenant, refused=(OUTSIDE,))
slot = Slot("slot-0", "key", True, secret)
graph = PlaceosGraph(made, credential, cloud, clock, lambda text: print(text, file=sys.stderr))
graph.ask([Question(slot, one, ROOM, Expected.WORKS) for one in CALLS if one.name == "subscription"])
"""


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    """Of this tenant, an address that Graph calls answers whatever it is called."""
    monkeypatch.setattr("emulator.graph.subscriptions._validate", lambda _: None)


def there(scene: Scene) -> list[Any]:
    """The subscriptions, and the events of long ago: the tenant's own are of today."""
    store = scene.emulated.tenant.store
    events = [one for one in store.all("event") if one["start"]["dateTime"] < "2001"]
    return [one["id"] for one in (*store.all("subscription"), *events)]


def of_somebody_else(scene: Scene, placeos: Placeos) -> str:
    """A subscription that PlaceOS itself made."""
    theirs = {
        "id": "placeos-own", "applicationId": placeos.promise.client_id, "resource": f"/users/{ROOM}/events",
        "notificationUrl": "https://placeos.example/hook", "expirationDateTime": ENDS,
    }  # fmt: skip
    scene.emulated.tenant.store.put("subscription", theirs["id"], theirs)
    return theirs["id"]


def left(seen: Seen) -> Left:
    assert seen.left is not None, seen
    return seen.left


@pytest.mark.usefixtures("answering")
def test_what_was_made_is_deleted_at_once(scene, placeos):
    theirs = of_somebody_else(scene, placeos)
    [seen] = placeos.ask("subscription")
    assert (seen.status, seen.made, seen.left) == (201, TAKEN, None)
    assert there(scene) == [theirs]


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    "fault",
    [{"status": "reset"}, {"status": 503}, {"status": 201, "body": {}}, {"status": 200, "text": "<html>"}],
    ids=["no answer", "busy", "no id", "a page"],
)
def test_what_was_made_without_a_word_is_found_by_its_mark(scene, placeos, fault):
    theirs = of_somebody_else(scene, placeos)
    scene.emulated.fault(path=SUBSCRIPTIONS, when="after", **fault)
    seen, read = placeos.ask("subscription", "calendar")
    assert (seen.made, seen.left) == (TAKEN, None)
    assert read == Seen(200)
    assert there(scene) == [theirs]
    posted = [one for one in scene.emulated.tenant.store.logged() if one["path"].endswith("/subscriptions")]
    assert [one["method"] for one in posted].count("POST") == 1, "or there would be two"


def test_an_event_without_an_id_is_found_by_its_subject(scene, placeos):
    event = {
        "subject": SUBJECT,
        "start": {"dateTime": "2000-01-01T00:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2000-01-02T00:00:00", "timeZone": "UTC"},
    }
    graph = scene.emulated.administrator.graph
    graph.post(f"/v1.0/users/{ROOM}/events", event)
    theirs = graph.post(f"/v1.0/users/{ROOM}/events", {**event, "subject": "PlaceOS verify"})
    scene.emulated.fault(path=EVENTS, status=201, body={})
    [seen] = placeos.ask("create event")
    assert (seen.made, seen.left) == (TAKEN, None)
    assert there(scene) == [theirs["id"]]


@pytest.mark.parametrize(("call", "path"), [("subscription", SUBSCRIPTIONS), ("create event", EVENTS)])
def test_what_has_no_id_and_is_not_found_may_be_left(scene, placeos, call, path):
    scene.emulated.fault(path=path, status=201, text="")
    [seen] = placeos.ask(call)
    assert " is left; " in left(seen).what
    assert "named no id" in left(seen).why
    asked = [(one["method"], one["path"]) for one in scene.emulated.tenant.store.logged()]
    assert not [one for one in asked if one[0] == "DELETE"], "None is nobody's id"


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"status": "reset", "times": 20}, "the connection broke"),
        ({"status": 403}, "403 Forbidden"),
        ({"status": 404, "text": "<html>"}, "404, "),
        ({"status": 200, "text": ""}, "200, an empty body"),
    ],
    ids=["breaks", "refused", "a page", "no such yes"],
)
def test_what_can_not_be_deleted_is_named_with_its_removal(scene, placeos, fault, why):
    scene.emulated.fault(path="/subscriptions/", **fault)
    seen, read = placeos.ask("subscription", "calendar")
    [id_] = there(scene)
    found = left(seen)
    assert f"a subscription to {ROOM}, to be told at {SILENT}, is left with the id {id_}" in found.what
    assert "it ends by itself at 20" in found.what
    assert why in found.why
    assert (
        f'az rest --method DELETE --url "{scene.emulated.deployer.cloud.graph}/v1.0/subscriptions/{id_}"'
        in (found.advice)
    )
    assert read == Seen(200), "its answer is not lost"


def test_what_a_list_elsewhere_says_is_not_followed(scene, placeos):
    body = {"value": [], "@odata.nextLink": "https://elsewhere.example/v1.0/subscriptions"}
    scene.emulated.fault(path=SUBSCRIPTIONS, status=201, body={})
    scene.emulated.fault(path=SUBSCRIPTIONS, status=200, body=body)
    [seen] = placeos.ask("subscription")
    assert "not Microsoft Graph's" in left(seen).why


def test_a_refusal_leaves_nothing_to_look_for(scene, placeos):
    placeos.ask("subscription", "create event")
    asked = [(one["method"], one["path"]) for one in scene.emulated.tenant.store.logged()]
    assert ("GET", "/v1.0/subscriptions") not in asked


def test_a_guest_is_named_because_placeos_may_not_take_one_away(scene, placeos):
    scene.emulated.fault(path="/invitations$", status=201, body={"id": "made-after-all"})
    [seen] = placeos.ask("invite guest")
    assert left(seen).what == "a guest is left with the id made-after-all; it stays until it is deleted"
    assert "Entra" in left(seen).advice


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("again", [True, False])
def test_a_signal_while_it_is_deleted_leaves_nothing_or_names_it(scene, placeos, number, again):
    tenant = scene.emulated.tenant
    scene.emulated.fault(path="/subscriptions/", status="hold")
    if not again:
        scene.emulated.fault(path="/subscriptions/", status=403)
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(
        f"{scene.emulated.deployer.tenant_id} {placeos.promise.client_id} {placeos.slot.secret}"
    )
    process.stdin.close()
    process.stdin = None
    assert tenant.faults.wait_until_held(30)
    [id_] = there(scene)
    process.send_signal(number)
    said = process.communicate()[1]
    assert process.returncode not in (0, None)
    if again:
        assert there(scene) == []
        assert SILENT not in said
    else:
        assert f"is left with the id {id_}" in said
        assert "az rest --method DELETE" in said
    tenant.faults.release()
    assert number is signal.SIGINT or "Traceback" not in said
    assert placeos.slot.secret not in said


def test_each_call_that_may_make_something_says_what_and_how_it_goes():
    makers = [call for call in CALLS if call.makes]
    assert [call.name for call in makers] == ["create event", "subscription", "invite guest"]
    for call in makers:
        assert call.makes
        assert bool(call.makes.path) is bool(call.makes.listed) is bool(call.makes.mark[1])
        assert bool(call.makes.path) is not bool(call.makes.removal)
