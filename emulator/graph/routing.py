"""From a request to the operation that answers it: token, permissions, path."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.graph.authorization import Needs, satisfies
from emulator.graph.errors import GraphError, invalid_token, not_implemented, request_denied
from emulator.replication import Kind
from emulator.store import Document, Store
from emulator.tenant import Tenant
from emulator.tokens import GRAPH, InvalidTokenError, Token, authenticate


@dataclass(frozen=True)
class Received:
    """A request as it came, alone or in a batch. `path` starts after the version; header names are small.

    `note` writes into the request log.
    """

    method: str
    version: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Document
    note: Callable[..., None]


@dataclass(frozen=True)
class Call:
    """One request to an operation: who calls, what the path names, and which permissions it needs."""

    tenant: Tenant
    request: Received
    token: Token
    params: dict[str, str]
    needs: Needs

    @property
    def store(self) -> Store:
        """The tenant's documents."""
        return self.tenant.store

    @property
    def query(self) -> dict[str, str]:
        """The query options."""
        return self.request.query

    @property
    def body(self) -> Document:
        """The JSON body; empty when there was none."""
        return self.request.body

    @property
    def root(self) -> str:
        """The address of this version of Graph."""
        return f"{self.tenant.base_url}/{self.request.version}"

    def note(self, **facts: Any) -> None:
        """Write facts into the request log."""
        self.request.note(**facts)

    def known(self, kind: Kind, documents: list[Document], purpose: str = "list") -> list[Document]:
        """The objects that this copy of the directory knows already."""
        return [one for one in documents if self.tenant.knows(kind, one["id"], purpose)]

    def context(self, of: str) -> str:
        """The `@odata.context` of an answer."""
        return f"{self.root}/$metadata#{of}"


@dataclass(frozen=True)
class Answer:
    """What an operation answers; without a body there is no content."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(204)


def _nobody(_: Call) -> bool:
    return False


@dataclass(frozen=True)
class Operation:
    """One method on one path: what it does and which permissions it needs.

    or_by: what else opens it, such as a directory role.
    """

    method: str
    template: str
    needs: Needs
    what: str
    handler: Callable[[Call], Answer]
    denied: Callable[[], GraphError]
    pattern: re.Pattern[str]
    or_by: Callable[[Call], bool] = _nobody


class Operations:
    """The operations of one resource; its methods are decorators.

    or_by: what else opens those that name nothing of their own.
    """

    def __init__(
        self, denied: Callable[[], GraphError] = request_denied, or_by: Callable[[Call], bool] = _nobody
    ) -> None:
        self.all: list[Operation] = []
        self._denied, self._or_by = denied, or_by

    def on(
        self, method: str, *templates: str, needs: Needs, or_by: Callable[[Call], bool] | None = None
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """The decorated function answers this method on these paths; its docstring says what it does."""

        def register(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            what = (handler.__doc__ or "").strip().splitlines()[0]
            for template in templates:
                self.all.append(
                    Operation(
                        method,
                        template,
                        needs,
                        what,
                        handler,
                        self._denied,
                        _pattern(template),
                        or_by or self._or_by,
                    )
                )
            return handler

        return register


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    text = "".join(
        # no id begins with a dollar sign ($count, $ref), and none is the function `delta`
        rf"(?P<{part}>(?!\$|delta$)[^/]+?)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(text, re.IGNORECASE)


class Dispatcher:
    """All operations of the service, and the way to them."""

    def __init__(self, tenant: Tenant, operations: list[Operation]) -> None:
        self._tenant, self._operations = tenant, operations

    def answer(self, request: Received) -> Answer:
        """Check token and permissions, then run the operation; what it refuses leaves no trace."""
        try:
            token = self._token(request)
            request.note(client=token.client_id, roles=sorted(token.roles))
            operation, params = self._operation(request)
            call = Call(self._tenant, request, token, params, operation.needs)
            if not satisfies(token, operation.needs) and not operation.or_by(call):
                raise operation.denied()
            with self._tenant.store.transaction():
                return operation.handler(call)
        except GraphError as refusal:
            challenge = {"WWW-Authenticate": 'Bearer realm=""'} if refusal.status == 401 else {}
            return Answer(refusal.status, refusal.body(self._tenant.clock.now()), challenge)

    def _token(self, request: Received) -> Token:
        try:
            return authenticate(self._tenant, request.headers.get("authorization"), GRAPH)
        except InvalidTokenError as reason:
            raise invalid_token(str(reason)) from reason

    def _operation(self, request: Received) -> tuple[Operation, dict[str, str]]:
        for operation in self._operations:
            match = operation.pattern.fullmatch(request.path)
            if match and operation.method == request.method:
                return operation, match.groupdict()
        raise not_implemented(f"{request.method} /{request.version}{request.path}")
