"""When a company will tell its next quarterly results, by when it told the past ones.

Companies keep to the week of the year: the day of a year ago plus 364 days came within 5 sessions
of the true one in 86 % of cases.  The past is told by Forms 8-K with item 2.02.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import NYSE

NEAR_SESSIONS = 5
LEAST_SAMPLES = 4
"""Fewer past estimates say nothing of how near they come."""

_WEEKS_52 = timedelta(days=364)
_ONE_QUARTER = timedelta(days=40)
_AGAIN = timedelta(days=14)
"""Results within 40 days of a quarter's first, or 14 of its last, are of it: first figures, then
the whole; a mend.  Quarters are told 60 days apart and more."""

_SAME_TIME_OF_YEAR = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsDay:
    """An estimate of the next results.

    day: a session.  confidence: share of this company's own past estimates that came within 5
    sessions, those included after which nothing came; None with fewer than four.
    """

    day: date
    confidence: float | None
    method: str


def next_results(told: Iterable[date], as_of: date) -> ResultsDay | None:
    """The next results as estimated at the end of a day; None without results a year before.

    told: days of past results, in any order, known or not: those after the day are not looked at.
    An estimate whose day has passed stays for 5 sessions, while results are overdue.
    """
    past = quarterly(day for day in told if day <= as_of)
    came = _came(past)
    for basis in past:
        day = _session(basis + _WEEKS_52)
        overdue = NYSE.session_number(as_of) - NYSE.session_number(day)
        if came[day] is None and overdue <= NEAR_SESSIONS:
            return ResultsDay(
                day=day,
                confidence=_confidence(came, as_of),
                method=f"results of {basis} + 364 days",
            )
    return None


def quarterly(told: Iterable[date]) -> list[date]:
    """One day of each quarter's results, ascending.

    Of several the one that is nearest to the results of a year before, else the first.
    """
    days: list[date] = []
    for group in _groups(sorted(set(told))):
        before = _near(days, group[0] - _WEEKS_52)
        aim = group[0] if before is None else before + _WEEKS_52
        days.append(min(group, key=lambda day: abs(day - aim)))
    return days


def _groups(days: Sequence[date]) -> list[list[date]]:
    groups: list[list[date]] = []
    for day in days:
        last = groups[-1] if groups else None
        if last and (day - last[0] <= _ONE_QUARTER or day - last[-1] <= _AGAIN):
            last.append(day)
        else:
            groups.append([day])
    return groups


def _came(past: Sequence[date]) -> dict[date, date | None]:
    """Of each estimate the results that came of it: each belongs to the estimate nearest to it."""
    estimates = [_session(basis + _WEEKS_52) for basis in past]
    nearest = {day: _near(estimates, day) for day in past}
    return {
        estimate: _near([day for day in past if nearest[day] == estimate], estimate)
        for estimate in estimates
    }


def _near(days: Sequence[date], aim: date) -> date | None:
    """The day that is nearest to another, within 45 days."""
    near = [day for day in days if abs(day - aim) <= _SAME_TIME_OF_YEAR]
    return min(near, key=lambda day: (abs(day - aim), day), default=None)


def _session(day: date) -> date:
    """The day, or the next session where the exchange is closed."""
    return day if NYSE.is_session(day) else NYSE.session_day(NYSE.session_number(day) + 1)


def _confidence(came: Mapping[date, date | None], as_of: date) -> float | None:
    hits = [
        day is not None and _apart(day, estimate) <= NEAR_SESSIONS
        for estimate, day in came.items()
        if day is not None or estimate + _SAME_TIME_OF_YEAR < as_of
    ]
    return sum(hits) / len(hits) if len(hits) >= LEAST_SAMPLES else None


def _apart(day: date, other: date) -> int:
    return abs(NYSE.session_number(day) - NYSE.session_number(other))
