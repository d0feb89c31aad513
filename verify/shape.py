"""Of which shape the answer of a call is: one of another is not Microsoft Graph's, and proves nothing."""

from collections.abc import Mapping
from enum import StrEnum


class Shape(StrEnum):
    """What a call answers when it worked (the page of each method on learn.microsoft.com/graph/api)."""

    LIST = "a list"
    SCHEDULES = "a list of schedules"
    ONE = "an object with its id"
    NOTHING = "no content"

    def fits(self, status: int, document: object) -> bool:
        """Whether an answer is of this shape, and speaks of no error.

        document: the body as JSON; None for an empty one, its text where it is no JSON.
        """
        if status not in _STATUS[self] or _is_error(document):
            return False
        match self, document:
            case Shape.NOTHING, None:
                return True
            case Shape.ONE, {"id": str(id_)}:
                return bool(id_)
            case Shape.LIST, {"value": list(entries)}:
                return all(isinstance(one, dict) for one in entries)
            case Shape.SCHEDULES, {"value": list(entries)}:
                return bool(entries) and all(map(_is_schedule, entries))
        return False


_STATUS: Mapping[Shape, tuple[int, ...]] = {
    Shape.LIST: (200,),
    Shape.SCHEDULES: (200,),
    Shape.ONE: (200, 201),
    Shape.NOTHING: (202, 204),
}


def _is_error(document: object) -> bool:
    return isinstance(document, dict) and bool(document.get("error"))


def _is_schedule(entry: object) -> bool:
    return isinstance(entry, dict) and "scheduleId" in entry and not _is_error(entry)
