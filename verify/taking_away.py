"""What a call may have made after all, from before it is sent until it is known to be gone."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import httpx

from graph.judgement import SERVICE
from verify.answer import document_of, seen_in
from verify.calls import Made
from verify.outcome import Left, Seen
from verify.promise import Promise
from verify.sending import IN_PATH, USUAL, Patience, Sending
from verify.shape import Shape
from wire import Invalid, NotDone, Transient, WireError

TAKEN = "it was made after all, and deleted at once"
_NEXT = "@odata.nextLink"


@dataclass(eq=False)
class MayBeThere:
    """What a call may have made. fill: puts the values of its question into a text.

    graph: its address, with the version. certain: it was made, not only perhaps. id: "" while not known.
    """

    made: Made
    promise: Promise
    graph: str
    fill: Callable[[str], str]
    certain: bool = False
    id: str = ""

    def is_possible_after(self, response: httpx.Response, seen: Seen) -> bool:
        """Whether it may be there after this answer; what the answer says of it is kept."""
        document = document_of(response)
        if response.status_code == 201:
            self.certain = True
            self.id = str(document.get("id") or "") if isinstance(document, dict) else ""
        return bool(seen.odd) or not 400 <= seen.status < 500

    @staticmethod
    def is_possible_without_answer(error: WireError) -> bool:
        """Whether it may be there although no answer came."""
        return isinstance(error, Transient) and not isinstance(error, NotDone)

    async def take_away(self, sending: Sending, patience: Patience = USUAL) -> tuple[str, Left | None]:
        """Delete it, or all that bear its mark while nobody knows its id: what was done, and what is left."""
        if not self.made.path:
            return "", self.left("nothing of PlaceOS's may") if self.certain else None
        try:
            ids = [self.id] if self.id else await self._marked(sending, patience)
            for self.id in ids:
                self.certain = True
                await self._delete(sending, patience)
        except WireError as error:
            return "", self.left(error.reason)
        if self.certain and not ids:
            return "", self.left("the answer named no id, and Microsoft Graph lists none")
        return TAKEN if ids else "", None

    def left(self, why: str) -> Left:
        """In words: what is left, or may be, until when, and what removes it."""
        is_left = f"{'is' if self.certain else 'may be'} left{f' with the id {self.id}' if self.id else ''}"
        return Left(
            f"{self.fill(self.made.what)} {is_left}; {self.fill(self.made.ends)}",
            f"it could not be taken away: {why.rstrip('.')}",
            self._removal if self.made.path else self.made.removal,
        )

    @property
    def _removal(self) -> str:
        signed_in = (
            f"as the application (az login --service-principal --username {self.promise.client_id} "
            f"--tenant {self.promise.tenant_id} --allow-no-subscriptions)"
        )
        remove = f'az rest --method DELETE --url "{self.graph}{self._path(self.id or "ID")}"'
        if self.id:
            return f"{signed_in} {remove}"
        listed = f'az rest --url "{self.graph}{self.fill(self.made.listed)}"'
        return f"{signed_in} {listed}, and for each whose {self.made.mark[0]} is {self.made.mark[1]} {remove}"

    def _path(self, id_: str) -> str:
        return quote(self.fill(self.made.path).replace("{id}", quote(id_, safe="")), safe=f"{IN_PATH}%")

    async def _delete(self, sending: Sending, patience: Patience) -> None:
        """Gone is what Graph says is gone; a page that is not found is somebody else's word."""
        path = self._path(self.id)
        seen = seen_in(await sending.send("DELETE", path, patience=patience), Shape.NOTHING)
        if seen.odd or (seen.status >= 300 and seen.status != 404):
            raise Invalid(SERVICE, f"DELETE {path}", f"DELETE was answered {seen}")

    async def _marked(self, sending: Sending, patience: Patience) -> list[str]:
        """The ids of all that bear the mark: only verify makes such."""
        name, value = self.made.mark
        query = urlencode(self.made.query, quote_via=quote)
        path, ids = f"{self.fill(self.made.listed)}{'?' if query else ''}{query}", list[str]()
        while path:
            response = await sending.send("GET", path, patience=patience)
            document, seen = document_of(response), seen_in(response, Shape.LIST)
            if seen.odd or seen.code or not isinstance(document, dict):
                raise Invalid(SERVICE, f"GET {path}", f"the list of its kind was answered {seen}")
            ids += [str(one.get("id") or "") for one in document["value"] if one.get(name) == value]
            path = str(document.get(_NEXT) or "")
            if (path and not path.startswith(f"{self.graph}/")) or "" in ids:
                raise Invalid(SERVICE, f"GET {path}", "the list of its kind is not Microsoft Graph's")
            path = path.removeprefix(self.graph)
        return ids
