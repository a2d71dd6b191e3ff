"""When something is due from the Federal Reserve, and at which address it can be foreseen.

A statement stands at ``monetaryYYYYMMDDa.htm`` of the last day of its meeting, minutes at
``fomcminutesYYYYMMDD.htm`` of the meeting they are of: 404 before the release, 200 from its second
on, while the delay of the feed behind the page is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clock import NEW_YORK, new_york_day
from bot.fed.blackout import Meeting, in_blackout

BEFORE, AFTER = timedelta(seconds=30), timedelta(minutes=10)
"""How long around a due release it is looked for densely."""

_RELEASED = time(14)  # of statements and minutes since 2013
_MINUTES_AFTER = timedelta(days=21)


class Sort(StrEnum):
    STATEMENT = "statement"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One release that is due, and where it will stand.

    meeting_on: the last day of its meeting.
    """

    sort: Sort
    at: datetime
    meeting_on: date

    @property
    def path(self) -> str:
        """Its address under the Board's host."""
        if self.sort is Sort.MINUTES:
            return f"/monetarypolicy/fomcminutes{self.meeting_on:%Y%m%d}.htm"
        return f"/newsevents/pressreleases/monetary{new_york_day(self.at):%Y%m%d}a.htm"


def near(at: datetime, now: datetime) -> bool:
    """Whether a due instant is so near that it is looked for densely."""
    return at - BEFORE <= now <= at + AFTER


def expected(
    meetings: Iterable[Meeting], told: Sequence[tuple[Sort, datetime]] = ()
) -> list[Expected]:
    """The statement of each meeting and the minutes of it, in the order of their release.

    told: what a calendar says of the instants, which goes before the usual ones: a statement at two
    in the afternoon of the last day, minutes at the same time three weeks later.  Minutes in the
    calendar are of the newest meeting that ended two weeks or more before.
    """
    known = sorted(meetings, key=lambda each: each.last)
    statements = {new_york_day(at): at for sort, at in told if sort is Sort.STATEMENT}
    found = [
        Expected(
            sort=Sort.STATEMENT,
            at=statements.get(each.last, _at(each.last)),
            meeting_on=each.last,
        )
        for each in known
    ]
    minutes: dict[date, datetime] = {each.last: _at(each.last + _MINUTES_AFTER) for each in known}
    for sort, at in told:
        before = [m.last for m in known if m.last <= new_york_day(at) - timedelta(days=14)]
        if sort is Sort.MINUTES and before:
            minutes[before[-1]] = at
    found += [Expected(sort=Sort.MINUTES, at=at, meeting_on=last) for last, at in minutes.items()]
    return sorted(found, key=lambda each: each.at)


def scheduled(day: date, meetings: Sequence[Meeting]) -> bool | None:
    """Whether a decision of a day stood in the calendar; None where none around it is known."""
    if any(each.last == day for each in meetings):
        return True
    return False if _surrounded(day, meetings) else None


def in_silence(at: datetime, meetings: Sequence[Meeting]) -> bool | None:
    """Whether policy makers kept silent; None where no later meeting is known, or no earlier."""
    if in_blackout(at, meetings):
        return True
    return False if _surrounded(new_york_day(at), meetings) else None


def _surrounded(day: date, meetings: Sequence[Meeting]) -> bool:
    return any(each.last < day for each in meetings) and any(each.last >= day for each in meetings)


def _at(day: date) -> datetime:
    return datetime.combine(day, _RELEASED, NEW_YORK)
