"""Releases that a calendar announces, and when each is overdue."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import new_york_day, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One release in a calendar.

    agency: who publishes it: Federal Reserve, BLS, BEA.
    title: which of its releases, the same each time: Consumer Price Index.
    period: what it is about, where the calendar says so: August 2025.
    """

    agency: str
    title: str
    scheduled_at: datetime
    period: str | None = None
    url: str | None = None

    @property
    def day(self) -> date:
        """The day in New York on which it is due."""
        return new_york_day(self.scheduled_at)

    @property
    def series(self) -> str:
        """The release, whenever it comes."""
        return f"{self.agency}: {self.title}"

    @property
    def key(self) -> str:
        """This one of its series."""
        return f"{self.series}: {to_text(self.scheduled_at)}"

    def deadline(self, grace: timedelta) -> datetime:
        """From when on it is overdue."""
        return self.scheduled_at + grace
