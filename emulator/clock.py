"""The emulated tenant's time: the machine's clock plus an offset that only grows."""

from datetime import UTC, datetime, timedelta

from emulator.store import Store


class EmulatedClock:
    """A clock that a waiting client moves forward instead of waiting.

    The offset lives in the store, so a tenant that was moved into next month stays there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> datetime:
        """Emulated time, in UTC."""
        return datetime.now(UTC) + self._offset()

    def advance(self, seconds: float) -> datetime:
        """Move time forward and return the new time; ValueError when asked to go back."""
        if seconds < 0:
            raise ValueError(f"time can't go back: asked to advance by {seconds} seconds")
        with self._store.transaction():
            self._keep(self._offset() + timedelta(seconds=seconds))
            return self.now()

    def start_at(self, moment: datetime) -> None:
        """Set the time at which a new tenant begins."""
        self._keep(moment - datetime.now(UTC))

    def _offset(self) -> timedelta:
        kept = self._store.get("clock", "clock")
        return timedelta(seconds=kept["offset"] if kept else 0)

    def _keep(self, offset: timedelta) -> None:
        self._store.put("clock", "clock", {"offset": offset.total_seconds()})


def stamp(moment: datetime) -> str:
    """A time as Microsoft Graph writes it: whole seconds, ending in Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """The time of an ISO 8601 text; without a zone it is UTC. ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
