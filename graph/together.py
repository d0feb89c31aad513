"""Many questions to Microsoft Graph in few requests: https://learn.microsoft.com/graph/json-batching ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from graph.api import SERVICE, Document, GraphApi
from graph.judgement import judge
from graph.shape import Shape, wrong
from wire import Throttled, Transient, WireError
from wire.answers import Answer, retry_after
from wire.paging import entries

MOST = 20
"""How many questions a request takes."""
VERSION = "/v1.0"
_NEXT = "@odata.nextLink"
_OK = 200


@dataclass(frozen=True)
class Question:
    """What is read: a path without its version, such as `/users`. shape: that of the object, if it is one."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    shape: Shape = field(default_factory=dict)

    @property
    def url(self) -> str:
        """As a batch names it."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path

    @property
    def selected(self) -> list[str]:
        """The properties that are asked for by name."""
        return [one for one in self.query.get("$select", "").split(",") if one]


@dataclass(frozen=True)
class Reply:
    """What one question was answered; one that failed fails alone, and when it is read.

    A list may go on where `read` says.
    """

    graph: GraphApi
    question: Question
    read: Callable[[], Document]

    def document(self) -> Document:
        """The object with all that was selected, in its shape; raises a WireError when it could not be read.

        What is null is told as null unless the client asks otherwise (omit-values in
        https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html).
        """
        found = self.read()
        missing = [one for one in self.question.selected if one not in found]
        if missing:
            raise Transient(SERVICE, self._operation, f"the answer lacks {', '.join(missing)}")
        if otherwise := list(wrong(found, self.question.shape)):
            raise Transient(SERVICE, self._operation, f"the answer tells otherwise {', '.join(otherwise)}")
        return found

    def entries(self) -> list[Document]:
        """The entries of the list, all pages of them; raises a WireError when one could not be read."""
        first = self.read()
        value = entries(first, service=SERVICE, operation=self._operation)
        return [*value, *self.graph.rest_of_list(first)] if first.get(_NEXT) else value

    @property
    def _operation(self) -> str:
        return f"GET {VERSION}{self.question.path}"


def ask(graph: GraphApi, questions: Mapping[str, Question]) -> dict[str, Reply]:
    """The replies by the questions' names; raises a WireError when nobody could be asked at all."""
    named = list(questions.items())
    replies: dict[str, Reply] = {}
    for start in range(0, len(named), MOST):
        replies |= _asked(graph, dict(named[start : start + MOST]))
    return replies


def _asked(graph: GraphApi, questions: Mapping[str, Question]) -> dict[str, Reply]:
    """The ids are numbers: what else an id may be made of is not documented."""
    numbered = {str(place): name for place, name in enumerate(questions, start=1)}
    body = {
        "requests": [
            {"id": id_, "method": "GET", "url": questions[name].url} for id_, name in numbered.items()
        ]
    }
    answered = graph.batch(f"{VERSION}/$batch", body).get("responses")
    responses = answered if isinstance(answered, list) else []
    by_id = {str(one.get("id")): one for one in responses if isinstance(one, dict)}
    return {
        name: Reply(graph, questions[name], _reader(graph, questions[name], _answer(by_id.get(id_))))
        for id_, name in numbered.items()
    }


def _answer(response: object) -> Answer | None:
    """One response of a batch; None for one that was left out, or is of another shape."""
    from azure.core.utils import case_insensitive_dict  # noqa: PLC0415 - as in graph.api

    match response:
        case {"status": int(status), "body": dict(body), **rest} if status >= _OK:
            headers = rest.get("headers")
            told = {key: str(value) for key, value in headers.items()} if isinstance(headers, dict) else {}
            return Answer(status, case_insensitive_dict(told), "", body)
    return None


def _reader(graph: GraphApi, question: Question, answer: Answer | None) -> Callable[[], Document]:
    """A question without an answer, or that failed for a moment, is asked by itself, when it may be.

    https://learn.microsoft.com/graph/throttling#throttling-and-batching : each is throttled by itself.
    """

    def again() -> Document:
        return graph.get(operation.removeprefix("GET "), question.query)

    operation = f"GET {VERSION}{question.path}"
    if answer is None:
        return again
    error = judge(operation, answer)
    if not isinstance(error, Throttled | Transient):
        return lambda: _told(error, answer.document or {})
    from wire.client import LONGEST_WAIT  # noqa: PLC0415 - as in graph.api

    now = graph.clock.now()
    wait = retry_after(answer.headers, now) or 0
    if wait > LONGEST_WAIT:
        return lambda: _told(error, {})
    return lambda: _when(graph, now + timedelta(seconds=wait), again)


def _when(graph: GraphApi, moment: datetime, again: Callable[[], Document]) -> Document:
    """Questions of one batch wait for their moments together, not one after the other."""
    graph.clock.sleep((moment - graph.clock.now()).total_seconds())
    return again()


def _told(error: WireError | None, body: Document) -> Document:
    if error:
        raise error
    return body
