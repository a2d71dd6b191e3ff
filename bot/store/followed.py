"""The tickers whose prices are asked for: what there is of each, and when to ask again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.clock import from_day_number, to_day_number
from bot.store.database import Connections

_DAYS = {
    "first": "first_day",
    "last": "last_day",
    "told": "told_day",
    "listed": "listed_day",
    "since": "since_day",
    "asked": "asked_day",
    "gap": "gap_day",
}
"""Columns of the days that are known of a ticker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What is known of asking for a ticker's bars.

    first, last: sessions of its first and newest bar.  told: the newest session told as a fact.
    listed: the first session of the company that it means now; None where nobody knows.
    since: from which day on its past was asked for.  asked: the newest closed session when it was
    asked for last.  gap: the oldest session that is missing between others and still asked for.
    tries: how often it was asked for in vain.  not_before: when to ask again.
    refused: why the provider gives nothing.
    """

    ticker: str
    exchange: str | None = None
    first: date | None = None
    last: date | None = None
    told: date | None = None
    listed: date | None = None
    since: date | None = None
    asked: date | None = None
    gap: date | None = None
    tries: int = 0
    not_before: int = 0
    refused: str | None = None


class FollowedTickers:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self) -> list[Followed]:
        """Every ticker that was ever asked for, by name."""
        rows = self._connections.connection.execute(
            f"SELECT ticker, exchange, tries, not_before, refused, {', '.join(_DAYS.values())} "
            "FROM price_tickers ORDER BY ticker"
        )
        return [
            Followed(
                ticker=ticker, exchange=exchange, tries=tries, not_before=not_before,
                refused=refused, **{name: _day(day) for name, day in zip(_DAYS, days, strict=True)},
            )
            for ticker, exchange, tries, not_before, refused, *days in rows
        ]  # fmt: skip

    def note(self, followed: Iterable[Followed]) -> None:
        """Note of tickers what was found when they were asked for; their first and last sessions
        and the exchange come with their bars."""
        days = [name for name in _DAYS if name not in ("first", "last")]
        columns = ("tries", "not_before", "refused", *(_DAYS[name] for name in days))
        places = ", ".join("?" * (len(columns) + 1))
        rows = [
            (f.ticker, f.tries, f.not_before, f.refused, *(_number(getattr(f, d)) for d in days))
            for f in followed
        ]
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
        with self._connections.writing() as connection:
            connection.executemany(
                f"INSERT INTO price_tickers (ticker, {', '.join(columns)}) "
                f"VALUES ({places}) ON CONFLICT (ticker) DO UPDATE SET {changes}",
                rows,
            )


def _day(number: int | None) -> date | None:
    return None if number is None else from_day_number(number)


def _number(day: date | None) -> int | None:
    return None if day is None else to_day_number(day)
