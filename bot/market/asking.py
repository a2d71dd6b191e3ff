"""Which closed sessions a ticker lacks, and when they are asked for (again).

A session that a provider does not have is unknown, not flat: it is asked for after growing pauses,
for ten sessions.  A ticker without any newer bar is then asked for once a session, and once a week
when a month has passed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar import NYSE
from bot.clock import new_york_day, to_ms
from bot.store import Followed

SETTLED = timedelta(minutes=15)
"""After the close a session's bar takes so long to be whole."""

HISTORY = timedelta(days=2_200)
"""Six years: five of month-ends for a P/E beside its own past, and the year before the first."""

GAP = 10
"""So many sessions back a missing one is asked for again."""

STALE = 5
"""A ticker without a bar for so many sessions is stale: halted, delisted, renamed or lost."""

_LONG_GONE = 21
_AGAIN = timedelta(days=1)
_SELDOM = timedelta(days=7)
_FIRST_PAUSE = timedelta(minutes=15)
_REFUSED_PAUSE = timedelta(hours=1)


def newest_closed(now: datetime) -> date:
    """The newest session whose bar can be whole."""
    day = NYSE.session_day(NYSE.session_number(new_york_day(now)))
    if NYSE.close_at(day) + SETTLED <= now:
        return day
    return NYSE.session_day(NYSE.session_number(day) - 1)


def silent_sessions(followed: Followed, newest: date) -> int | None:
    """Sessions up to the newest one since the last bar; None where there never was one."""
    if followed.last is None:
        return None
    return NYSE.session_number(newest) - NYSE.session_number(followed.last)


def is_stale(followed: Followed, newest: date) -> bool:
    """Whether there is no bar for so long that the ticker is halted, delisted, renamed or lost."""
    silent = silent_sessions(followed, newest)
    return silent is not None and silent >= STALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look brought: how many tickers were asked for, how many bars or quotes were new, and
    the instant of the newest.

    left: whether more is due than was asked at once.
    """

    asked: int = 0
    new: int = 0
    newest: datetime | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Tickers that are asked for together, and from which day on."""

    tickers: tuple[str, ...]
    since: date


def questions(
    tickers: Iterable[str],
    known: Iterable[Followed],
    *,
    now: datetime,
    at_once: int,
) -> list[Question]:
    """What to ask now: first what the first ticker is asked, against which others are measured, and
    last those of whom nothing is known, as they take long."""
    wanted, newest = list(tickers), newest_closed(now)
    held = {each.ticker: each for each in known}
    first_day = newest - HISTORY
    due: dict[date, list[str]] = {}
    for ticker in wanted:
        followed = held.get(ticker) or Followed(ticker=ticker)
        if is_due(followed, newest, now):
            since = first_day if followed.last is None else _since(followed, newest)
            due.setdefault(since, []).append(ticker)
    return [
        Question(tickers=tuple(its[start : start + at_once]), since=since)
        for since, its in sorted(
            due.items(), key=lambda d: (wanted[0] not in d[1], d[0] == first_day)
        )
        for start in range(0, len(its), at_once)
    ]


def is_due(followed: Followed, newest: date, now: datetime) -> bool:
    """Whether to ask for a ticker now."""
    if followed.asked is None:
        return True
    waits = to_ms(now) < followed.not_before
    if followed.last is None or (silent_sessions(followed, newest) or 0) >= _LONG_GONE:
        return not waits
    if followed.asked < newest:
        return True
    return (followed.last < newest or followed.gap is not None) and not waits


def pause(followed: Followed, newest: date) -> timedelta:
    """How long to wait before asking again for what did not come."""
    silent = silent_sessions(followed, newest)
    if silent is None:
        return min(_REFUSED_PAUSE * (1 << min(followed.tries, 10)), _SELDOM)
    if silent >= _LONG_GONE:
        return _SELDOM
    return min(_FIRST_PAUSE * (1 << min(followed.tries, 10)), _AGAIN)


def gap_of(sessions: Iterable[date], newest: date) -> date | None:
    """The oldest of the last ``GAP`` sessions that has no bar while one before and one after it
    have; None where there is none."""
    have = set(sessions)
    lacking = (day for day in recent(newest, GAP) if day not in have)
    return next((day for day in lacking if have and min(have) < day < max(have)), None)


def recent(newest: date, count: int) -> Sequence[date]:
    """The last sessions up to the newest one, oldest first."""
    number = NYSE.session_number(newest)
    return [NYSE.session_day(number - back) for back in range(count - 1, -1, -1)]


def _since(followed: Followed, newest: date) -> date:
    """Some sessions that are stored already are asked for too: what was restated shows there, and
    actions that were told late."""
    last = followed.last or newest
    number = NYSE.session_number(last) - STALE
    return NYSE.session_day(min(number, NYSE.session_number(followed.gap or last)))
