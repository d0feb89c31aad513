"""Many questions to Microsoft Graph in few requests: https://learn.microsoft.com/graph/json-batching ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from graph.api import SERVICE, Document, GraphApi
from graph.judgement import judge
from wire import Throttled, Transient, WireError
from wire.answers import Answer

MOST = 20
"""How many questions a request takes."""
VERSION = "/v1.0"
_NEXT = "@odata.nextLink"


@dataclass(frozen=True)
class Question:
    """What is read: a path without its version, such as `/users`."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """As a batch names it."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True)
class Reply:
    """What one question was answered; one that failed fails alone, and when it is read.

    A list may go on where `read` says.
    """

    graph: GraphApi
    question: Question
    read: Callable[[], Document]

    def document(self) -> Document:
        """The object; raises a WireError when it could not be read."""
        return self.read()

    def entries(self) -> list[Document]:
        """The entries of the list, all pages of them; raises a WireError when one could not be read."""
        first = self.read()
        value = first.get("value")
        if not isinstance(value, list):
            raise Transient(SERVICE, f"GET {VERSION}{self.question.path}", "the answer held no list")
        return [*value, *self.graph.rest_of_list(first)] if first.get(_NEXT) else value


def ask(graph: GraphApi, questions: Mapping[str, Question]) -> dict[str, Reply]:
    """The replies by the questions' names; raises a WireError when nobody could be asked at all."""
    named = list(questions.items())
    replies: dict[str, Reply] = {}
    for start in range(0, len(named), MOST):
        replies |= _asked(graph, dict(named[start : start + MOST]))
    return replies


def _asked(graph: GraphApi, questions: Mapping[str, Question]) -> dict[str, Reply]:
    body = {"requests": [{"id": name, "method": "GET", "url": one.url} for name, one in questions.items()]}
    answered = graph.batch(f"{VERSION}/$batch", body).get("responses")
    by_name = {str(one.get("id")): one for one in answered or () if isinstance(one, dict)}
    return {
        name: Reply(graph, one, _reader(graph, one, by_name.get(name))) for name, one in questions.items()
    }


def _reader(
    graph: GraphApi, question: Question, response: Mapping[str, Any] | None
) -> Callable[[], Document]:
    """A question that the batch left out, or that failed for a moment, is asked by itself."""

    def again() -> Document:
        return graph.get(f"{VERSION}{question.path}", question.query)

    body = response.get("body") if response else None
    if response is None or not isinstance(body, dict):
        return again
    answer = Answer(int(response.get("status") or 0), response.get("headers") or {}, "", body)
    error = judge(f"GET {VERSION}{question.path}", answer)
    return again if isinstance(error, Throttled | Transient) else lambda: _told(error, body)


def _told(error: WireError | None, body: Document) -> Document:
    if error:
        raise error
    return body
