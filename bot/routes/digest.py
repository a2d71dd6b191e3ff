"""When a digest is told: a while after its first alert, or at a time of day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.routes.week import EVERY_DAY, clock_text, days_text, instant_of, read_clock, read_days

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterFirst:
    """Told this long after its first alert; what comes meanwhile joins it.  text: as written."""

    span: timedelta
    text: str

    joins = True

    def closes(self, at: datetime) -> datetime:
        """When a digest is told that begins with an alert of this instant."""
        return at + self.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Told at a time of some days, in minutes after midnight on the clocks of a zone."""

    at: int
    days: frozenset[int] = EVERY_DAY
    zone: ZoneInfo

    joins = False

    @property
    def text(self) -> str:
        days = "" if self.days == EVERY_DAY else f"{days_text(self.days)} "
        return f"{days}{clock_text(self.at)}"

    def closes(self, at: datetime) -> datetime:
        """When the next one is told; one of this very instant is over."""
        day = at.astimezone(self.zone).date()
        while True:
            told_at = instant_of(day, self.at, self.zone)
            if day.weekday() in self.days and told_at > at:
                return told_at
            day += _DAY


Digest = AfterFirst | Daily


def read_daily(text: str) -> tuple[int, frozenset[int]]:
    """Time and days of ``16:30`` or ``mon-fri 16:30``.  Raises ValueError with the wrong part."""
    *days, clock = text.split()
    return read_clock(clock), read_days(",".join(days)) if days else EVERY_DAY
