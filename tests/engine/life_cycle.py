"""The whole life of a stack while something goes wrong, and what must hold after each step of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from emulator.fault_plans import calm, rehearse
from emulator.store import Document
from tests.engine import promise
from tests.engine.rehearsal import OUTSIDE, ROOT, Rehearsal, Run

NAME = "PlaceOS Bookings Visualiser"
USUAL = {"Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"}
PERIOD = timedelta(days=30)
_NEXT = re.compile(r"\b(run|runs|grant|check|needs|choose|import|remove)\b", re.IGNORECASE)
_ENGINES_OWN = re.compile(r"^(update|preview|refresh|destroy) failed$|\d+ errors? occurred:$")
_ROLES = r", such as [^;]+"
_LEFT_THERE = "If a killed run or a lost state left it there: roomctl recover prints the way back."
_BESIDE_AZUREAD = "Grant the deployer "
_UPSTREAM = re.compile(
    r"unexpected status|unable to obtain access token|no answer|already exists|was found|absent"
)


@dataclass
class LifeCycle:
    """A stack that lives through its steps under fault plans, and whoever operates it."""

    rehearsal: Rehearsal
    plans: Sequence[str]
    seed: int
    stops: list[str] = field(default_factory=list)
    """The steps that stopped and what they said."""
    tidied: list[str] = field(default_factory=list)
    """What the operator removed, following docs/operations.md."""

    def live(self) -> None:
        """Every step, from nothing to nothing."""
        rehearsal, lines = self.rehearsal, (ROOT / "examples/contoso/rooms.csv").read_text().splitlines()
        today = f"{rehearsal.tenant.clock.now():%Y-%m-%d}"
        rehearsal.configure(rotationAnchor=today, rotationPeriodDays=PERIOD.days)

        self._inventory(lines[:-1])
        self.step("up", rehearsal.up)
        self._inventory([lines[0], *lines[2:]])
        self.step("a room added and one removed", rehearsal.up)
        rehearsal.configure(permissions=sorted(USUAL | {"Contacts.Read"}))
        self.step("profile widened", rehearsal.up)
        rehearsal.tenant.clock.advance(PERIOD.total_seconds())
        self.step("rotation", rehearsal.up)
        self.look()
        self.destroy()

    def step(self, name: str, run: Callable[[], Run]) -> None:
        """One command under the faults; when it stops, once more without them, as the operator would."""
        self._trouble(name)
        done = run()
        calm(self.rehearsal.tenant.tenant)
        promise.holds(self.rehearsal.tenant, OUTSIDE)
        if done.code != 0:
            self._stopped(name, done)
        if done.code == 0 and self._unrecorded():
            seen = self.rehearsal.drift()
            assert seen.code == 7, f"{name}: what was made twice is no drift: {seen.output}"
        self._tidy()
        if done.code != 0:
            self.rehearsal.tenant.clock.advance(300)
            again = self.rehearsal.up("--refresh")
            assert again.code == 0, f"{name}, again: {again.output}"
        promise.holds(self.rehearsal.tenant, OUTSIDE)
        self._nothing_twice_and_nothing_lost(name)

    def changes_nothing(self) -> None:
        """A run of a stack that is as the code says."""
        self._inventory((ROOT / "examples/contoso/rooms.csv").read_text().splitlines())
        self.step("no-op", lambda: self.rehearsal.up("--refresh", "--expect-no-changes"))

    def look(self) -> None:
        """A refresh says that nothing has drifted, or that it could not look; never that something has."""
        self._trouble("refresh")
        seen = self.rehearsal.drift()
        calm(self.rehearsal.tenant.tenant)
        assert seen.code != 7, f"a fault was taken for drift: {seen.output}"
        if seen.code != 0:
            self._stopped("refresh", seen)
            clean = self.rehearsal.drift()
            assert clean.code == 0, clean.output

    def destroy(self) -> None:
        """Destroy ends, the scope stays, and nothing was open on the way."""
        made = self.rehearsal.outputs()
        self._trouble("destroy")
        gone = self.rehearsal.destroy()
        calm(self.rehearsal.tenant.tenant)
        if gone.code != 0:
            self._stopped("destroy", gone)
            again = self.rehearsal.pulumi("destroy", "--yes", "--skip-preview", "--refresh")
            assert again.code == 0, again.output
        promise.holds(self.rehearsal.tenant, OUTSIDE)
        assert not self.rehearsal.resources()
        store = self.rehearsal.tenant.store
        assert not self._applications()
        assert not [one for one in store.all("servicePrincipal") if one["appId"] == made["clientId"]]
        assert store.get("recipient", made["roomGroupObjectId"]), "the group stays"
        assert [one for one in _policies(store.all("accessPolicy")) if one["AppId"] == made["clientId"]]

    def _inventory(self, lines: list[str]) -> None:
        for name in ("buildings.csv", "levels.csv"):
            (self.rehearsal.folder / name).write_text((ROOT / "examples/contoso" / name).read_text())
        rooms = self.rehearsal.folder / "rooms.csv"
        rooms.write_text("\n".join(lines) + "\n")
        self.rehearsal.configure(inventory=str(rooms))

    def _trouble(self, step: str) -> None:
        for plan in self.plans:
            rehearse(self.rehearsal.tenant.tenant, plan, f"{self.seed} {step}")

    def _stopped(self, name: str, done: Run) -> None:
        self.stops.append(f"{name}: {told(done.output)}")
        one_right_message(done.output)

    def _applications(self) -> list[Document]:
        return [one for one in self.rehearsal.tenant.store.all("application") if _ours(one)]

    def _nothing_twice_and_nothing_lost(self, name: str) -> None:
        store, resources = self.rehearsal.tenant.store, self.rehearsal.resources()
        outputs = next(one["outputs"] for one in resources if one["type"] == "pulumi:pulumi:Stack")
        [application] = self._applications()
        assert application["displayName"] == NAME, name
        assert application["appId"] == outputs["clientId"]
        [principal] = [one for one in store.all("servicePrincipal") if one["appId"] == application["appId"]]
        [group] = [one for one in store.all("recipient") if one["Alias"] == "placeosroombooking"]
        members = [(store.get("recipient", id_) or {}).get("PrimarySmtpAddress") for id_ in group["Members"]]
        assert sorted(map(str, members)) == self._wanted_rooms(), name
        [policy] = [
            one for one in _policies(store.all("accessPolicy")) if one["AppId"] == application["appId"]
        ]
        assert group["ExternalDirectoryObjectId"] in policy["ScopeIdentityRaw"]
        roles = [
            one["appRoleId"]
            for one in store.all("appRoleAssignment")
            if one["principalId"] == principal["id"]
        ]
        assert len(roles) == len(set(roles)) == len(outputs["grantedPermissions"]), name
        assert len(application["passwordCredentials"]) == 2, name
        assert {one["keyId"] for one in application["passwordCredentials"]} <= _last_parts(resources), name

    def _wanted_rooms(self) -> list[str]:
        lines = (self.rehearsal.folder / "rooms.csv").read_text().splitlines()
        column = lines[0].split(",").index("email")
        return sorted(line.split(",")[column] for line in lines[1:])

    def _tidy(self) -> None:
        """What docs/operations.md tells an operator to remove by hand: what is not in the state."""
        store, recorded = self.rehearsal.tenant.store, _last_parts(self.rehearsal.resources())
        for application, secret in self._unrecorded():
            path = f"/v1.0/applications/{application['id']}"
            if secret is None:
                self._remove("application", path)
            else:
                self.rehearsal.graph.post(f"{path}/removePassword", {"keyId": secret["keyId"]})
                self.tidied.append("secret")
        clients = {one["appId"] for one in self._applications()}
        for principal in store.all("servicePrincipal"):
            if principal["appId"] in clients:
                self._tidy_principal(principal["id"], recorded)

    def _unrecorded(self) -> list[tuple[Document, Document | None]]:
        """Applications that the state does not hold; secrets that it does not hold, of those that it does."""
        recorded = _last_parts(self.rehearsal.resources())
        found: list[tuple[Document, Document | None]] = []
        for application in self._applications():
            if application["id"] not in recorded:
                found.append((application, None))
                continue
            found.extend(
                (application, secret)
                for secret in application["passwordCredentials"]
                if secret["keyId"] not in recorded and not secret["displayName"].startswith(promise.PROBE)
            )
        return found

    def _tidy_principal(self, principal: str, recorded: set[str]) -> None:
        if principal not in recorded:
            self._remove("service principal", f"/v1.0/servicePrincipals/{principal}")
        for grant in self.rehearsal.tenant.store.all("appRoleAssignment"):
            if grant["principalId"] == principal and grant["id"] not in recorded:
                path = f"/v1.0/servicePrincipals/{grant['resourceId']}/appRoleAssignedTo/{grant['id']}"
                self._remove("consent", path)

    def _remove(self, what: str, path: str) -> None:
        self.rehearsal.graph.delete(path)
        self.tidied.append(what)


def _last_parts(resources: list[dict[str, Any]]) -> set[str]:
    """Of the id of every resource in the state: the id of an object, a key or a grant."""
    return {str(one.get("id", "")).rpartition("/")[2] for one in resources}


def told(output: str) -> list[str]:
    """The errors that the engine shows in its summary, each once, without what it says of itself."""
    assert "Traceback" not in output, output
    found = re.findall(r"^\s*(?:error: (?:Preview failed: )?|\* )(.+)$", output, re.MULTILINE)
    return list(dict.fromkeys(text for text in found if not _ENGINES_OWN.search(text)))


def one_right_message(output: str) -> None:
    """What, where and what next; several resources may say it, but they say the same.

    Messages of azuread are those of the real plugin; docs/operations.md says what to do about them.
    """
    errors = told(output)
    assert errors, f"it failed without a reason: {output}"
    ours = [
        one.removeprefix("Stopped: ")
        for one in errors
        if one.startswith("Stopped: ") or not _UPSTREAM.search(one)
    ]
    for one in ours:
        if one.startswith(_BESIDE_AZUREAD):
            assert any("Authorization_RequestDenied" in other for other in errors), errors
            continue
        if one.startswith(_LEFT_THERE):
            assert any(re.search("already exists|already in use|to be imported", other) for other in errors)
            continue
        assert re.match(
            r"(Exchange|Microsoft Graph|Sign-in|azuread \w+): \S.*: .+|.*(WAITING for|limit the application)",
            one,
        ), one
        assert _NEXT.search(one), f"what next? {one}"
        assert "fault of ours" not in one
    # each cmdlet names the role that brings it; what to do is the same
    advice = {re.split(r"\. |: ", re.sub(_ROLES, "", one).rstrip("."))[-1] for one in ours}
    assert len(advice) <= 1, f"contradicting each other: {errors}"


def _ours(application: Document) -> bool:
    return bool(
        application["displayName"] == NAME or application["displayName"].startswith("TERRAFORM_UPDATE_")
    )


def _policies(policies: list[Document]) -> list[Document]:
    return [one for one in policies if "_removed" not in one]
