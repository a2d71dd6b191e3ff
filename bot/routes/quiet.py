"""Times in which little is told: whether one holds at an instant, and when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.routes.week import EVERY_DAY, MIDNIGHT, clock_text, days_text, instant_of
from bot.rules.model import Severity

_DAY = timedelta(days=1)
_LONGEST = 8 * _DAY
"""Within a week every time of day has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietTime:
    """A time of each of some days, on the clocks of a zone, in which alerts are held back.

    begins, ends: minutes after midnight; one that does not end after it begins ends on the next
    day, and its days are those on which it begins.
    override: alerts of this severity and above are told all the same; None: none is.
    """

    name: str
    begins: int = 0
    ends: int = MIDNIGHT
    days: frozenset[int] = EVERY_DAY
    zone: ZoneInfo
    override: Severity | None = Severity.CRITICAL

    def __str__(self) -> str:
        hours = f"{clock_text(self.begins)} to {clock_text(self.ends)}"
        days = "" if self.days == EVERY_DAY else f"{days_text(self.days)} "
        return f"{self.name}: {days}{hours} {self.zone.key}"

    def until(self, at: datetime) -> datetime | None:
        """When it ends, where it holds at an instant; the end itself lies outside it."""
        today = at.astimezone(self.zone).date()
        for day in (today - _DAY, today):
            if day.weekday() in self.days:
                last = day if self.ends > self.begins else day + _DAY
                end = instant_of(last, self.ends, self.zone)
                if instant_of(day, self.begins, self.zone) <= at < end:
                    return end
        return None

    def lets_through(self, severity: Severity) -> bool:
        return self.override is not None and rank(severity) >= rank(self.override)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """That it is quiet: until when, and the names of the quiet times on the way there."""

    until: datetime
    names: tuple[str, ...]


def quiet_at(times: Sequence[QuietTime], at: datetime) -> tuple[str, ...]:
    """The names of the quiet times that hold at an instant."""
    return tuple(each.name for each in times if each.until(at) is not None)


def quiet_until(times: Sequence[QuietTime], at: datetime) -> Quiet | None:
    """Whether it is quiet at an instant, and until when: one quiet time may go over into another.

    Of times that leave none in which anything could be told it is over after eight days.
    """
    end, names = at, set[str]()
    while end - at < _LONGEST:
        ends = {each.name: until for each in times if (until := each.until(end)) is not None}
        if not ends:
            break
        names |= ends.keys()
        end = max(ends.values())
    if not names:
        return None
    return Quiet(until=end, names=tuple(each.name for each in times if each.name in names))


def ever_ends(times: Sequence[QuietTime], at: datetime) -> bool:
    """Whether quiet times leave any time in which something can be told."""
    quiet = quiet_until(times, at)
    return quiet is None or quiet.until - at < _LONGEST


def rank(severity: Severity) -> int:
    """The place of a severity, the gravest last."""
    return list(Severity).index(severity)
