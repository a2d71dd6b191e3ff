"""The days around a meeting on which policy makers do not speak of policy.

From the second Saturday before a scheduled meeting to the end of the day after it, New York time:
that is a Thursday, but after a meeting that ended on one, as in November 2024, a Friday.
Sources: FOMC Policy on External Communications of Committee Participants; the dates that the banks
of Atlanta and Philadelphia list for 2020 to 2025.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar import start_of

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A scheduled meeting of the Committee, from its first day to its last, most often the next."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not self.first <= self.last:
            raise ValueError(f"a meeting ends after it begins, got {self.first} to {self.last}")

    @property
    def silent_from(self) -> datetime:
        """When the silence begins: midnight in New York."""
        before = (self.first.weekday() - _SATURDAY) % 7 or 7
        return start_of(self.first - timedelta(days=before + 7))

    @property
    def silent_until(self) -> datetime:
        """When it ends: the first midnight at which everybody may speak again."""
        return start_of(self.last + timedelta(days=2))


def in_blackout(instant: datetime, meetings: Iterable[Meeting]) -> bool:
    """Whether an instant lies in the silence around one of the meetings.

    It says nothing of meetings that are not given, nor of those outside the schedule, which have
    no silence before them: ask with all that a calendar holds around the instant.
    """
    return any(each.silent_from <= instant < each.silent_until for each in meetings)
