"""As much of GitHub as `on_github` asks, with what GitHub refuses."""

import base64
import gzip
import io
import json
import re
import zipfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.fake_service import reply

REPOSITORY = "contoso/rooms"
TOKEN = "ghs_of-this-run"
BOT = "github-actions[bot]"
SHA = "0123456789abcdef0123456789abcdef01234567"
NUMBER = 12
LOOKS = 77
"""The run of drift.yml."""


def at(minute: int) -> str:
    return f"2026-01-05T08:{minute:02}:00Z"


@dataclass
class FakeGitHub:
    """One repository with one pull request, from a fork."""

    service: HTTPServer
    pulls: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=lambda: [{"filename": "rooms/prod/rooms.csv"}])
    labels: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    artifacts: dict[int, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    statuses: list[dict[str, str]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    pushed_meanwhile: str = ""
    """A new head, from when the files are listed."""
    scanning: int = 202
    """What code scanning answers."""
    issues: list[dict[str, Any]] = field(default_factory=list)
    known_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of the newest attempt of the run of drift.yml, by name."""
    ended_looks: list[int] = field(default_factory=list)
    """Runs of drift.yml that are completed, the newest first."""
    day: int = 5
    refusals: dict[str, deque[Response]] = field(default_factory=dict)
    """What is answered first, by method and path."""

    def __post_init__(self) -> None:
        self.opens()
        self.service.expect_request(re.compile("^/storage/")).respond_with_handler(self._stored)
        self.service.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def opens(self, number: int = NUMBER, sha: str = SHA) -> None:
        """A pull request from a fork to main."""
        self.pulls.append({"number": number, "head": {"sha": sha, "label": "ada:wing"}, "base": "main"})

    def ran(
        self, code: str | None = "7", report: str = "## PlaceOS access: prod\n", *,
        workflow: str = "review.yml", minute: int = 10, conclusion: str = "success",
        sarif: bytes | None = None, archive: bytes | None = None, stacks: str = "prod",
    ) -> None:  # fmt: skip
        """A run ended and left a report; with the code None it left nothing."""
        run = len(self.artifacts) + sum(map(len, self.runs.values())) + 1
        self.runs.setdefault(workflow, []).insert(
            0,
            {
                "id": run, "status": "completed", "conclusion": conclusion, "head_sha": SHA,
                "run_started_at": at(minute), "html_url": f"https://github.example/runs/{run}",
            },
        )  # fmt: skip
        if code is not None:
            files: dict[str, str | bytes] = {
                "report.md": report,
                "code": f"{code}\n",
                "stacks": "\n".join(stacks.split()),
            }
            files |= {"prod.sarif": sarif} if sarif else {}
            about = {"id": run, "created_at": at(minute + 1), "expired": False, "run": run, "name": "access"}
            data = zipped(files) if archive is None else archive
            self.artifacts[run] = about | {"size_in_bytes": len(data)}, data

    def looked(
        self, code: str | None = "7", report: str = "- Mail.Send is consented\n", *, stack: str = "prod",
        of: str | None = None, conclusion: str = "success", minute: int = 10, archive: bytes | None = None,
    ) -> None:  # fmt: skip
        """The job of a stack ended and left the report `of` a stack; with the code None it left nothing."""
        name = f"Look at {stack}"
        self.jobs[name] = {"name": name, "conclusion": conclusion, "started_at": at(minute)}
        if code is None:
            return
        heading = f"## PlaceOS drift: {of or stack}\n\n"
        data = zipped({"report.md": heading + report if report else "", "code": f"{code}\n"})
        data = data if archive is None else archive
        about = {"id": len(self.artifacts) + 1, "name": f"drift-{stack.rpartition('/')[2]}", "run": LOOKS}
        about |= {"created_at": at(minute + 1), "expired": False, "size_in_bytes": len(data)}
        self.artifacts[len(self.artifacts) + 1] = about, data

    def has_issue(self, body: str, login: str = BOT, title: str = "PlaceOS drift: prod", **more: Any) -> int:
        """An open issue that is there already; returns its number."""
        number = 100 + len(self.issues)
        page = f"https://github.example/{REPOSITORY}/issues/{number}"
        about = {"number": number, "title": title, "body": body, "state": "open", "html_url": page}
        self.issues.append({**about, "user": {"login": login}, "labels": [], **more})
        return number

    def comments_on(self, number: int) -> list[str]:
        return [one["body"] for one in self.comments if one.get("on") == number]

    def labels_it(self, login: str, role: str, minute: int, label: str = "access-approved") -> None:
        self.roles[login] = role
        self.labels.add(label)
        self.events.append(
            {
                "event": "labeled",
                "label": {"name": label},
                "actor": {"login": login},
                "created_at": at(minute),
            }
        )

    @property
    def own_comments(self) -> list[str]:
        return [one["body"] for one in self.comments if one["user"]["login"] == BOT]

    @property
    def status(self) -> tuple[str, str]:
        return self.statuses[-1]["state"], self.statuses[-1]["description"]

    def _stored(self, request: Request) -> Response:
        if "Authorization" in request.headers:  # as Azure's storage does with a token that is not its own
            return Response("InvalidAuthenticationInfo", 403)
        return Response(self.artifacts[int(request.path.rpartition("/")[2])][1])

    def _answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return reply({"message": "Bad credentials"}, 401)
        path = request.path.removeprefix(f"/api/v3/repos/{REPOSITORY}/")
        if self.refusals.get(f"{request.method} {path}"):
            return self.refusals[f"{request.method} {path}"].popleft()
        for pattern, answer in self._routes():
            method, _, form = pattern.partition(" ")
            if request.method == method and (found := re.fullmatch(form, path)):
                if method != "GET":
                    self.written.append(f"{method} {path}")
                return answer(request, *found.groups())
        return reply({"message": "Not Found"}, 404)

    def _routes(self) -> list[tuple[str, Callable[..., Response]]]:
        return [
            ("GET pulls", self._pulls),
            (f"GET pulls/{NUMBER}", lambda request: reply(self.pulls[0])),
            (f"GET pulls/{NUMBER}/files", self._files),
            ("GET actions/workflows/drift.yml/runs", self._runs_of_looks),
            (r"GET actions/workflows/([\w.-]+)/runs", self._runs),
            (r"GET actions/runs/(\d+)/artifacts", self._artifacts),
            (r"GET actions/artifacts/(\d+)/zip", self._zip),
            (rf"GET actions/runs/{LOOKS}", lambda request: reply(self._run_of_looks())),
            (rf"GET actions/runs/{LOOKS}/jobs", self._jobs),
            ("GET issues", self._issues),
            ("POST issues", self._opens),
            (r"PATCH issues/(\d+)", self._changes),
            (r"GET labels/([\w-]+)", self._label),
            ("POST labels", self._new_label),
            (r"GET issues/(\d+)", lambda request, _: reply({"labels": [{"name": x} for x in self.labels]})),
            (r"GET issues/(\d+)/events", lambda request, _: _page(request, self.events)),
            (r"GET collaborators/([\w-]+)/permission", self._permission),
            (r"GET issues/(\d+)/comments", self._listed),
            (r"POST issues/(\d+)/comments", self._comments),
            (r"PATCH issues/comments/(\d+)", self._rewrites),
            (r"DELETE issues/(\d+)/labels/([\w-]+)", self._takes_off),
            (rf"POST statuses/{SHA}", self._sets_status),
            (rf"GET commits/{SHA}/status", lambda request: self._combined()),
            ("POST code-scanning/sarifs", self._scans),
        ]

    def _pulls(self, request: Request) -> Response:
        asked = request.args
        assert asked["state"] == "open"
        found = [one for one in self.pulls if one["head"]["label"] == asked["head"]]
        return _page(request, [one for one in found if one["base"] == asked["base"]])

    def _files(self, request: Request) -> Response:
        if self.pushed_meanwhile:
            self.pulls[0]["head"]["sha"] = self.pushed_meanwhile
        return _page(request, self.files)

    def _runs(self, request: Request, workflow: str) -> Response:
        asked = request.args
        assert asked["event"] == "pull_request"
        found = [one for one in self.runs.get(workflow, []) if one["head_sha"] == asked["head_sha"]]
        return reply({"workflow_runs": found[: int(asked["per_page"])]})

    def _artifacts(self, request: Request, run: str) -> Response:
        found = [about for about, _ in self.artifacts.values() if about["run"] == int(run)]
        return reply({"artifacts": [one for one in found if one["name"] == request.args["name"]]})

    def _run_of_looks(self) -> dict[str, str]:
        page = f"https://github.example/runs/{LOOKS}"
        return {"html_url": page, "run_started_at": f"2026-01-{self.day:02}T04:47:00Z"}

    def _runs_of_looks(self, request: Request) -> Response:
        asked = request.args
        assert (asked["branch"], asked["status"]) == ("main", "completed")
        return reply({"workflow_runs": [{"id": one} for one in self.ended_looks][: int(asked["per_page"])]})

    def _jobs(self, request: Request) -> Response:
        assert request.args["filter"] == "latest"
        page = _entries(request, list(self.jobs.values()))
        return reply({"total_count": len(self.jobs), "jobs": page})

    def _issues(self, request: Request) -> Response:
        """Pull requests are issues, too, and the newest come first unless asked otherwise."""
        asked = request.args
        found = [one for one in self.issues if asked.get("state", "open") in {"all", one["state"]}]
        found = [one for one in found if one["user"]["login"] == asked.get("creator", one["user"]["login"])]
        return _page(request, found if asked.get("direction") == "asc" else found[::-1])

    def _opens(self, request: Request) -> Response:
        asked = json.loads(request.data)
        if not asked.get("title") or len(asked["body"]) > 65_536:
            return reply({"message": "Validation Failed"}, 422)
        number = self.has_issue(asked["body"], title=asked["title"])
        for name in asked.get("labels", []):
            self.known_labels.setdefault(name, {"name": name, "color": "ededed"})
            self.issues[-1]["labels"].append({"name": name})
        return reply(self.issues[number - 100], 201)

    def _changes(self, request: Request, number: str) -> Response:
        asked = json.loads(request.data)
        allowed = {"open", "closed"}, {"completed", "not_planned", "duplicate", "reopened"}
        if (
            len(asked.get("body", "")) > 65_536
            or asked.get("state", "open") not in allowed[0]
            or asked.get("state_reason", "completed") not in allowed[1]
        ):
            return reply({"message": "Validation Failed"}, 422)
        self.issues[int(number) - 100].update(asked)
        return reply(self.issues[int(number) - 100])

    def _label(self, _: Request, name: str) -> Response:
        found = self.known_labels.get(name)
        return reply(found) if found else reply({"message": "Not Found"}, 404)

    def _new_label(self, request: Request) -> Response:
        asked = json.loads(request.data)
        if (
            asked["name"] in self.known_labels
            or not re.fullmatch("[0-9a-f]{6}", asked["color"])
            or len(asked["description"]) > 100
        ):
            return reply({"message": "Validation Failed"}, 422)
        self.known_labels[asked["name"]] = asked
        return reply(asked, 201)

    def _zip(self, _: Request, artifact: str) -> Response:
        return Response("", 302, {"Location": self.service.url_for(f"/storage/{artifact}")})

    def _permission(self, _: Request, login: str) -> Response:
        role = self.roles.get(login, "")
        if not role:
            return reply({"message": f"{login} is not a user"}, 404)
        return reply({"permission": {"maintain": "write", "triage": "read"}.get(role, role)})

    def _listed(self, request: Request, number: str) -> Response:
        return _page(request, [one for one in self.comments if one.get("on", NUMBER) == int(number)])

    def _comments(self, request: Request, number: str) -> Response:
        return self._text(request, lambda text: self.comments.append(
            {"id": len(self.comments) + 1, "user": {"login": BOT}, "body": text, "on": int(number)}
        ))  # fmt: skip

    def _rewrites(self, request: Request, comment: str) -> Response:
        return self._text(request, lambda text: self.comments[int(comment) - 1].update(body=text))

    def _text(self, request: Request, then: Callable[[str], None]) -> Response:
        text = json.loads(request.data)["body"]
        if len(text) > 65_536:
            return reply(
                {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, 422
            )
        then(text)
        return reply({})

    def _takes_off(self, _: Request, __: str, label: str) -> Response:
        if label not in self.labels:
            return reply({"message": "Label does not exist"}, 404)
        self.labels.remove(label)
        return reply([])

    def _sets_status(self, request: Request) -> Response:
        body = json.loads(request.data)
        if len(body["description"]) > 140 or body["state"] not in {"success", "failure", "pending", "error"}:
            return reply({"message": "Validation Failed"}, 422)
        self.statuses.append(body)
        return reply({}, 201)

    def _combined(self) -> Response:
        """The last of each context."""
        return reply({"statuses": list({one["context"]: one for one in self.statuses}.values())})

    def _scans(self, request: Request) -> Response:
        body = json.loads(request.data)
        if self.scanning == 202:
            log = json.loads(gzip.decompress(base64.b64decode(body.pop("sarif"))))
            self.findings.append(body | {"log": log})
        return reply({"message": "Code scanning is not enabled for this repository."}, self.scanning)


def zipped(files: dict[str, Any]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def _page(request: Request, entries: list[Any]) -> Response:
    return reply(_entries(request, entries))


def _entries(request: Request, entries: list[Any]) -> list[Any]:
    size, page = min(int(request.args["per_page"]), 100), int(request.args["page"])
    return entries[(page - 1) * size : page * size]
