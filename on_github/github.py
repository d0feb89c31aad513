"""GitHub's REST API, as far as it is asked here: https://docs.github.com/rest ."""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

_PAGE = 100
_PAGES = 100
_DOCUMENT = 20_000_000
_SECONDS = 30
_TIMES = 4
_LONGEST_WAIT = 120


class GitHubError(Exception):
    """What could not be asked or written, with GitHub's reason; `status` is 0 when nobody answered."""

    def __init__(self, what: str, reason: str, status: int = 0) -> None:
        super().__init__(f"{what}: {reason}")
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes to the API and nowhere else."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class GitHub:
    """One repository, by its full name, with a token."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        if not api.startswith("https://"):
            raise GitHubError(f"GITHUB_API_URL {api}", "is no https address")
        self._base = f"{api.rstrip('/')}/repos/{quote(repository)}"
        self._token = token
        self._opener = urllib.request.build_opener(_NoRedirect)

    def get(self, path: str, **query: str) -> Any:
        """What is at the path below the repository."""
        return self._json("GET", f"{path}?{urlencode(query)}" if query else path)

    def pages(self, path: str, key: str = "", **query: str) -> Iterator[Any]:
        """The entries of a list, page by page; `key` is where they are in the answer, when it is no list.

        GitHubError when there are more than 10,000: a part of a list is not the list.
        """
        for page in range(1, _PAGES + 1):
            answer = self.get(path, **query, per_page=str(_PAGE), page=str(page))
            found = answer[key] if key else answer
            yield from found
            if len(found) < _PAGE:
                return
        raise GitHubError(f"GET {path}", f"has more than {_PAGE * _PAGES} entries")

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Write, and return the answer."""
        return self._json(method, path, body)

    def download(self, path: str, most: int) -> bytes:
        """What the path redirects to, asked without the token; GitHubError above `most` bytes."""
        what = f"GET {path}"
        try:
            self._open(what, self._request("GET", path)).close()
        except urllib.error.HTTPError as error:
            place = error.headers.get("Location") or ""
            if error.code != 302 or not place.startswith("https://"):
                raise _told(what, error) from None
        else:
            raise GitHubError(what, "did not say where the file is")
        try:
            with self._open(what, urllib.request.Request(place)) as answer:  # noqa: S310 - https, as just seen
                return _read(answer, what, most)
        except urllib.error.HTTPError as error:
            raise _told(what, error) from None

    def _json(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        what = f"{method} {path}"
        text = self._asked(what, self._request(method, path, body))
        try:
            return json.loads(text) if text else None
        except ValueError:
            raise GitHubError(what, "was not answered with JSON") from None

    def _asked(self, what: str, request: urllib.request.Request, times: int = _TIMES) -> bytes:
        """The answer, asked for again when GitHub says after how long: until then it has done nothing.

        https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
        """
        try:
            with self._open(what, request) as answer:
                return _read(answer, what, _DOCUMENT)
        except urllib.error.HTTPError as error:
            seconds = _asks_to_wait(error)
            if seconds is None or times == 1:
                raise _told(what, error) from None
        time.sleep(seconds)
        return self._asked(what, request, times - 1)

    def _request(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> urllib.request.Request:
        return urllib.request.Request(  # noqa: S310 - the scheme is checked at the beginning
            f"{self._base}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )

    def _open(self, what: str, request: urllib.request.Request) -> http.client.HTTPResponse:
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=_SECONDS)
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            raise GitHubError(what, str(getattr(error, "reason", error))) from None
        return answer


def _read(answer: http.client.HTTPResponse, what: str, most: int) -> bytes:
    try:
        found = answer.read(most + 1)
    except (OSError, http.client.HTTPException) as error:
        raise GitHubError(what, f"broke off: {error}") from None
    if len(found) > most:
        raise GitHubError(what, f"has more than {most:,} bytes")
    return found


def _asks_to_wait(error: urllib.error.HTTPError) -> int | None:
    """Seconds; None when waiting does not help, or would be too long."""
    after = error.headers.get("Retry-After") or ""
    limited = error.code in {403, 429} and after.isdecimal()
    return int(after) if limited and int(after) <= _LONGEST_WAIT else None


def _told(what: str, error: urllib.error.HTTPError) -> GitHubError:
    try:
        reason = json.loads(error.read(_DOCUMENT))["message"]
    except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
        reason = error.reason
    return GitHubError(what, f"{error.code} {reason}", error.code)
