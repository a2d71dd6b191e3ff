"""What a signal looks at: the counted trades of an issuer as they were known at one filing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from bot.calendar import back
from bot.clock import from_day_number, from_ms, new_york_day, to_day_number, to_ms
from bot.facts import Fact

COLUMNS = (
    "id",
    "known_at",
    "traded_on",
    "person_key",
    "role",
    "class",
    "side",
    "code",
    "acquired_disposed",
    "derivative",
    "security",
    "shares",
    "price_usd",
    "planned",
    "value_usd",
    "owner_name",
    "duplicate_of",
    "superseded_by",
)
"""Columns of the kind ``insider_trade``, in the order of the parts of a `Past`."""

SIDES = ("buy", "sell")
ONLY_OWNER = "ten_percent_owner"
"""The role of a ten percent owner who is nothing else."""

_DAY_MS = 24 * 3_600_000


class Past(NamedTuple):
    """A trade as the store keeps it: what signals need of it.

    A tuple in the order of COLUMNS, so that ``Past._make`` takes a row of the store as it comes:
    a filing may look back on hundreds.

    known_at: milliseconds since 1970 UTC.  traded_on: days since 1970-01-01.
    derivative, planned: 1, 0 or None (True is 1).  price_usd: the average
    over the trade's rows.  value_usd: cents.
    """

    id: str
    known_at: int
    traded_on: int | None
    person_key: str | None
    role: str | None
    trade_class: str | None
    side: str | None
    code: str | None
    acquired_disposed: str | None
    derivative: int | None
    security: str | None
    shares: float | None
    price_usd: float | None
    planned: int | None
    value_usd: int | None
    owner_name: str | None
    duplicate_of: str | None
    superseded_by: str | None

    @classmethod
    def of_fact(cls, fact: Fact) -> "Past":
        """A fact that is not stored yet."""
        values = fact.values
        kept = [values.get(name) for name in COLUMNS]
        kept[:2] = fact.id, to_ms(fact.known_at)
        if (day := values.get("traded_on")) is not None:
            kept[2] = to_day_number(day)
        return cls._make(kept)

    @property
    def counts(self) -> bool:
        """Whether no other fact tells this trade."""
        return self.duplicate_of is None and self.superseded_by is None

    @property
    def is_market(self) -> bool:
        """Whether it is a purchase or a sale on the open market."""
        return self.trade_class == "open_market" and self.side in SIDES

    @property
    def is_exercise(self) -> bool:
        """Whether options or rights became shares: Table I, acquired, code M or X."""
        return (
            self.trade_class == "exercise"
            and self.code in ("M", "X")
            and self.acquired_disposed == "A"
            and not self.derivative
        )


class Known:
    """What is known of an issuer's insiders when one filing is accepted, itself included."""

    def __init__(
        self, new: Sequence[Past], history: Iterable[Past], loaded_since: date | None
    ) -> None:
        self.at = at = new[0].known_at
        self.loaded_since = loaded_since
        arriving = {trade.id for trade in new}
        self.trades = [trade for trade in new if trade.counts]
        self.trades += [
            trade
            for trade in history
            if trade.known_at <= at
            and trade.duplicate_of is None
            and trade.superseded_by is None
            and trade.id not in arriving
        ]
        self._persons: dict[str, Person] = {}
        self._recent: dict[int, list[Past]] = {}
        self._whole: dict[int, bool] = {}

    @cached_property
    def market(self) -> list[Past]:
        """Purchases and sales on the open market."""
        return [
            trade
            for trade in self.trades
            if trade.trade_class == "open_market" and trade.side in SIDES
        ]

    def person(self, key: str) -> "Person":
        """One person's trades on the open market."""
        if key not in self._persons:
            trades = [trade for trade in self.market if trade.person_key == key]
            self._persons[key] = Person(trades, self.at, self.loaded_since)
        return self._persons[key]

    def recent(self, days: int) -> list[Past]:
        """Market trades known in (t - days, t], ten percent owners who are nothing else left out.

        A day is 24 hours.  `whole` tells whether they are all there were.
        """
        if days not in self._recent:
            after = self._start(days)
            self._recent[days] = [
                trade
                for trade in self.market
                if trade.known_at > after and trade.role != ONLY_OWNER
            ]
        return self._recent[days]

    def whole(self, days: int) -> bool:
        """Whether the history of these days is loaded whole."""
        if days not in self._whole:
            first = new_york_day(from_ms(self._start(days) + 1))
            self._whole[days] = self.loaded_since is not None and self.loaded_since <= first
        return self._whole[days]

    def _start(self, days: int) -> int:
        return self.at - days * _DAY_MS


class Person:
    """The trades of one person on the open market, as known at one filing."""

    def __init__(self, trades: Sequence[Past], at: int, loaded_since: date | None) -> None:
        self.trades = trades
        dated = all(trade.traded_on is not None for trade in trades)
        self.loaded_since = loaded_since if dated else None
        """Since which day all trades of the person are known by their days."""
        self._at = at

    @cached_property
    def window_start(self) -> datetime:
        """The instant 18 months before the filing."""
        return back(from_ms(self._at), months=18)

    @cached_property
    def days(self) -> dict[str | None, list[int]]:
        """The different days of trade of each side, ascending."""
        sides: dict[str | None, set[int]] = {side: set() for side in SIDES}
        for trade in self.trades:
            if trade.traded_on is not None:
                sides[trade.side].add(trade.traded_on)
        return {side: sorted(days) for side, days in sides.items()}

    @cached_property
    def months(self) -> dict[str | None, set[tuple[int, int]]]:
        """The different months of trade, as year and month, of each side."""
        return {
            side: {(day.year, day.month) for day in map(from_day_number, days)}
            for side, days in self.days.items()
        }

    def complete_since(self, day: date) -> bool:
        """Whether every trade that was made from this day on is known."""
        return self.loaded_since is not None and self.loaded_since <= day


def day_of(trade: Past) -> date | None:
    """The day of a trade."""
    return None if trade.traded_on is None else from_day_number(trade.traded_on)
