"""What the Board's calendars tell: meetings, and when something is due that can be foreseen.

Two are asked: the calendar of the coming weeks, which has times and ends at the turn of the year,
and the page with the meetings of several years.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.fed.blackout import Meeting
from bot.fed.expected import Expected, Sort, expected, near
from bot.sources.fed.calendar import Event, read_calendar, read_meetings
from bot.sources.fed.client import FedClient

_AGAIN, _SOON = timedelta(hours=6), timedelta(minutes=10)
_SORTS = {"FOMC Meeting": Sort.STATEMENT, "FOMC Minutes": Sort.MINUTES}
_WATCHED = frozenset({"FOMC", "Beige", "Speeches", "Testimony"})


class Calendars:
    """The newest of what the calendars told; where they do not come, what they told before."""

    def __init__(self, client: FedClient) -> None:
        self._client = client
        self.events: tuple[Event, ...] = ()
        self._listed: tuple[tuple[date, ...], ...] = ()
        self._next: datetime | None = None
        self._expected: list[Expected] | None = None
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def look(self, now: datetime) -> None:
        """Read both anew every six hours, sooner after one that did not come."""
        if self._next is not None and now < self._next:
            return
        whole = True
        try:
            self.events = read_calendar(self._client.calendar())
        except (SourceUnavailable, SourceUnreadable) as error:
            whole = self._missed("calendar", error)
        try:
            self._listed = read_meetings(self._client.meetings()) or self._listed
        except (SourceUnavailable, SourceUnreadable) as error:
            whole = self._missed("meetings", error)
        self._next = now + (_AGAIN if whole else _SOON)
        self._expected = None

    def meetings(self) -> Sequence[Meeting]:
        """The scheduled meetings that are known, in order."""
        days = {each[-1]: each for each in self._listed}
        days |= {e.day: e.days for e in self.events if e.title == "FOMC Meeting"}
        return [Meeting(first=each[0], last=last) for last, each in sorted(days.items())]

    def planned(self) -> list[Expected]:
        """Statements and minutes of all meetings that are known, in the order of their release."""
        if (planned := self._expected) is None:
            told = [(_SORTS[e.title], e.at) for e in self.events if e.title in _SORTS and e.at]
            planned = self._expected = expected(self.meetings(), told)
        return planned

    def due(self, now: datetime) -> list[Expected]:
        """Statements and minutes whose pages may appear at any second."""
        return [each for each in self.planned() if near(each.at, now)]

    def is_busy(self, now: datetime) -> bool:
        """Whether something is due about now that the feeds will name."""
        watched = (e.at for e in self.events if e.type in _WATCHED and e.at is not None)
        return any(near(at, now) for at in watched) or bool(self.due(now))

    def _missed(self, which: str, error: SourceUnavailable | SourceUnreadable) -> bool:
        self._log.warning("fed.calendar_not_read", which=which, reason=error.what)
        return False
