"""As much of GitHub as `on_github` asks, with what GitHub refuses."""

import base64
import gzip
import io
import json
import re
import zipfile
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
            about = {"id": run, "created_at": at(minute + 1), "expired": False, "run": run}
            data = zipped(files) if archive is None else archive
            self.artifacts[run] = about | {"size_in_bytes": len(data)}, data

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
            (r"GET actions/workflows/([\w.-]+)/runs", self._runs),
            (r"GET actions/runs/(\d+)/artifacts", self._artifacts),
            (r"GET actions/artifacts/(\d+)/zip", self._zip),
            (r"GET issues/(\d+)", lambda request, _: reply({"labels": [{"name": x} for x in self.labels]})),
            (r"GET issues/(\d+)/events", lambda request, _: _page(request, self.events)),
            (r"GET collaborators/([\w-]+)/permission", self._permission),
            (r"GET issues/(\d+)/comments", lambda request, _: _page(request, self.comments)),
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
        return reply({"artifacts": found if request.args["name"] == "access" else []})

    def _zip(self, _: Request, artifact: str) -> Response:
        return Response("", 302, {"Location": self.service.url_for(f"/storage/{artifact}")})

    def _permission(self, _: Request, login: str) -> Response:
        role = self.roles.get(login, "")
        if not role:
            return reply({"message": f"{login} is not a user"}, 404)
        return reply({"permission": {"maintain": "write", "triage": "read"}.get(role, role)})

    def _comments(self, request: Request, _: str) -> Response:
        return self._text(request, lambda text: self.comments.append(
            {"id": len(self.comments) + 1, "user": {"login": BOT}, "body": text}
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
    size, page = min(int(request.args["per_page"]), 100), int(request.args["page"])
    return reply(entries[(page - 1) * size : page * size])
