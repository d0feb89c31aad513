"""What this module declares: one component a file, named after what an operator calls it."""

from components.room_calendar_access import RoomCalendarAccess, RoomCalendarAccessArgs

__all__ = ["RoomCalendarAccess", "RoomCalendarAccessArgs"]
