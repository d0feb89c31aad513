"""From what a caller writes to recipients: exactly one, several, or a whole list."""

from collections.abc import Iterable, Sequence

from emulator.exchange.cmdlets import Call
from emulator.exchange.errors import NotFoundError, ambiguous
from emulator.exchange.filters import direct_groups, parse
from emulator.store import Document

DEFAULT_SIZE = 1000

_FIRST_ONLY = (
    "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number "
    'of items returned. To return all items, specify "-ResultSize Unlimited". Be aware that, depending on '
    "the actual number of items, returning all items can take a long time and consume a large amount of "
    "memory."
)
_MORE = (
    "There are more results available than are currently displayed. To view them, increase the value for the "
    "ResultSize parameter."
)


def one(call: Call, identity: str, types: Iterable[str] | None = None) -> Document:
    """The recipient (of one of the types) that the text names; CmdletError when there is none, or several."""
    found = call.directory.find(identity)
    if types is not None:
        found = [recipient for recipient in found if recipient["RecipientTypeDetails"] in types]
    found = _known(call, found)
    if not found:
        raise NotFoundError(identity)
    if len(found) > 1:
        raise ambiguous(identity)
    return found[0]


def exactly(documents: list[Document], identity: str, *names: str) -> list[Document]:
    """Those of the documents that one of these properties names; NotFoundError when there is none."""
    found = [d for d in documents if identity.lower() in [str(d.get(name, "")).lower() for name in names]]
    if not found:
        raise NotFoundError(identity)
    return found


def asked_for(call: Call, types: Iterable[str] | None = None) -> list[Document]:
    """What a Get- cmdlet is about: the one that Identity names or, when Identity is empty, ALL.

    Filter and RecipientTypeDetails narrow either.
    """
    identity = call.text("Identity")
    if identity:
        found = [one(call, identity, types)]
    else:
        listed = [r for r in call.directory.all() if types is None or r["RecipientTypeDetails"] in types]
        found = _known(call, listed)
    if call.text("Filter"):
        passes = parse(call.text("Filter"))
        inside = direct_groups(call.store) if "memberofgroup" in call.text("Filter").lower() else {}
        found = [
            one
            for one in found
            if passes(one | {"MemberOfGroup": inside.get(one["ExternalDirectoryObjectId"].lower(), [])})
        ]
    details = {wanted.lower() for text in call.texts("RecipientTypeDetails") for wanted in text.split(",")}
    return [r for r in found if not details or r["RecipientTypeDetails"].lower() in details]


def _known(call: Call, found: list[Document]) -> list[Document]:
    """Those that the servers of this kind of cmdlet know: each kind has servers of its own."""
    noun = call.cmdlet.partition("-")[2]
    return [one for one in found if call.tenant.knows("group", one["ExternalDirectoryObjectId"], noun)]


def limited(call: Call, rows: Sequence[Document]) -> Sequence[Document]:
    """The rows that ResultSize allows, 1000 when it isn't given; a warning when there are more."""
    given = "ResultSize" in call.parameters
    size = call.get("ResultSize", int) if given else DEFAULT_SIZE
    if size is None or len(rows) <= size:
        return rows
    call.warnings.append(_MORE if given else _FIRST_ONLY)
    return rows[:size]
