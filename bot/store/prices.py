"""Prices as they were traded, the corporate actions that change their basis, and whom they are of.

Bars are packed, one row a ticker and quarter: 8,000 tickers × 320 sessions are read in 0.6 s, where
a row a bar takes 5 s, and one more session of each is written as fast.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.clock import from_day_number, to_day_number
from bot.prices.adjust import adjusted
from bot.prices.bars import Action, ActionKind, Bars
from bot.prices.identity import Identity
from bot.store.database import Connections

_PRICES = ("open", "high", "low", "close")
_RECORD = np.dtype(
    [
        ("day", "<i4"),  # ordinal
        *((name, "<f8") for name in (*_PRICES, "volume")),
        ("seen_at", "<i8"),  # milliseconds
        ("source", "u1"),  # number in price_sources
    ]
)
"""One bar as it lies in a row: bars of a quarter, one after another, ascending."""

_SAME_PRICE, _SAME_VOLUME = 1e-6, 1e-3
"""Relative differences that are no restatement: an adjusted price brought back to what was traded
is off in the last digits, and volumes are told in hundreds."""

_MOVED_DAYS = 5
"""Some tell the legal day, some the first session: a ratio told anew so near is the same action."""

Records = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was new to the store of one ticker: sessions without a bar so far, and sessions whose
    bar reads otherwise now."""

    new: tuple[date, ...]
    restated: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A bar that its provider took back: the values that stood before, and until when."""

    session: date
    until: int
    before: Mapping[str, float | None]


class Prices:
    """Days are days of sessions; instants are milliseconds."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Bars.

    def series(
        self,
        tickers: Iterable[str],
        *,
        since: date | None = None,
        as_of: date | None = None,
    ) -> dict[str, Bars]:
        """Bars of each ticker up to a day, on the share basis of that day.

        as_of: without it up to the newest bar, on the basis of every action known.  A ticker
        without a bar in the span is left out.
        """
        asked = list(dict.fromkeys(tickers))
        actions = self.actions(asked)
        until = as_of or date.max
        return {
            ticker: adjusted(bars, actions.get(ticker, ()), until)
            for ticker, bars in self.traded(asked, since=since, until=as_of).items()
        }

    def traded(
        self,
        tickers: Iterable[str],
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> dict[str, Bars]:
        """Bars of each ticker between two days, both included, as they were traded."""
        asked, found = _json(tickers), {}
        exchanges = self._exchanges(asked)
        for ticker, records in self._records(asked, since, until):
            if len(records["day"]):
                found[ticker] = Bars(
                    ticker=ticker,
                    days=records["day"],
                    exchange=exchanges.get(ticker),
                    **{name: records[name] for name in (*_PRICES, "volume")},
                )
        return found

    def keep(self, bars: Bars, *, source: str, seen_at: int) -> Kept:
        """Store bars as traded; of a session told before, the newest telling is kept and the one
        before it remembered."""
        if not len(bars):
            return Kept(new=(), restated=())
        first, last = (date.fromordinal(int(bars.days[at])) for at in (0, -1))
        with self._connections.writing():
            told = self._packed(bars, self._source_number(source), seen_at)
            held = self._held(bars.ticker, _quarter(first), _quarter(last))
            places = np.isin(held["day"], told["day"])
            again = np.isin(told["day"], held["day"])
            before, after = held[places], told[again]
            changed = ~_same(before, after)
            self._remember(bars.ticker, before[changed], seen_at)
            after[~changed] = before[~changed]  # when it was seen first
            told[again] = after
            whole = np.concatenate([held[~places], told])
            self._write(bars.ticker, whole[np.argsort(whole["day"], kind="stable")])
            self._follow(bars)
        return Kept(new=_dates(told[~again]), restated=_dates(after[changed]))

    def restated(self, ticker: str) -> list[Restated]:
        """What was taken back of a ticker's bars, in the order in which it happened."""
        rows = self._connections.connection.execute(
            "SELECT day, seen_at, told FROM restated_bars WHERE ticker = ? ORDER BY id", (ticker,)
        )
        return [
            Restated(session=from_day_number(day), until=seen_at, before=json.loads(told))
            for day, seen_at, told in rows
        ]

    def sessions(self, ticker: str, since: date) -> frozenset[date]:
        """Sessions since a day of which there is a bar."""
        return frozenset(
            date.fromordinal(day)
            for _, columns in self._records(_json([ticker]), since, None)
            for day in columns["day"].tolist()
        )

    def sources(self, ticker: str) -> list[str]:
        """Who told the bars of a ticker, the one of the newest bar first."""
        numbers = [
            number
            for _, columns in self._records(_json([ticker]), None, None)
            for number in dict.fromkeys(columns["source"][::-1].tolist())
        ]
        names = dict(self._connections.connection.execute("SELECT id, name FROM price_sources"))
        return [names[number] for number in numbers]

    # Corporate actions.

    def actions(self, tickers: Iterable[str]) -> dict[str, list[Action]]:
        """All actions known of each ticker, the earliest first; one without any is left out."""
        found: dict[str, list[Action]] = {}
        for row in self._actions("value = ticker", (_json(tickers),)):
            found.setdefault(row.ticker, []).append(row)
        return found

    def keep_actions(self, actions: Iterable[Action], *, seen_at: int) -> None:
        """Store actions; the newest telling of one is kept, on whatever day it now is."""
        with self._connections.writing() as connection:
            for each in actions:
                place = (each.ticker, to_day_number(each.ex_day), each.kind.value)
                applied = connection.execute(
                    "DELETE FROM price_actions WHERE ticker = ? AND ABS(ex_day - ?) <= ? "
                    "AND kind = ? AND ABS(price_ratio / ? - 1) < 1e-3 RETURNING applied",
                    (*place[:2], _MOVED_DAYS, place[2], each.price_ratio),
                ).fetchall() if each.kind is not ActionKind.DIVIDEND else []  # fmt: skip
                connection.execute(
                    "INSERT OR REPLACE INTO price_actions (ticker, ex_day, kind, price_ratio, "
                    "eps_ratio, cash_usd, source, seen_at, applied) VALUES (?,?,?,?,?,?,?,?,?)",
                    (*place, each.price_ratio, each.eps_ratio, each.cash_usd, each.source, seen_at,
                     int(any(flag for (flag,) in applied))),
                )  # fmt: skip

    def withdraw(
        self, ticker: str, told: Iterable[Action], *, source: str, since: date, until: date
    ) -> list[Action]:
        """Forget what a source told before of a span and tells no more; gives those of them onto
        whose basis stored facts were brought."""
        kept = [(each.ex_day, each.kind, each.price_ratio) for each in told]
        where = "value = ticker AND source = ? AND ex_day BETWEEN ? AND ?"
        span = to_day_number(since), to_day_number(until)
        gone = [
            each
            for each in self._actions(where, (_json([ticker]), source, *span))
            if not any(
                each.ex_day == day
                and each.kind is kind
                and abs(each.price_ratio / ratio - 1) < 1e-3
                for day, kind, ratio in kept
            )
        ]
        applied = []
        with self._connections.writing() as connection:
            for each in gone:
                rows = connection.execute(
                    "DELETE FROM price_actions WHERE ticker = ? AND ex_day = ? AND kind = ? "
                    "RETURNING applied",
                    (ticker, to_day_number(each.ex_day), each.kind.value),
                ).fetchall()
                applied += [each] * (each.kind is not ActionKind.DIVIDEND and rows == [(1,)])
        return applied

    def to_apply(self, ticker: str, until: date) -> list[Action]:
        """Actions with ex_day up to a day onto whose basis no stored fact was brought yet."""
        where = "value = ticker AND NOT applied AND ex_day <= ?"
        found = self._actions(where, (_json([ticker]), to_day_number(until)))
        return [each for each in found if each.kind is not ActionKind.DIVIDEND]

    def mark_applied(self, ticker: str, until: date) -> None:
        """The stored facts of a ticker stand on the basis of a day."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE price_actions SET applied = 1 WHERE ticker = ? AND ex_day <= ?",
                (ticker, to_day_number(until)),
            )

    # Whom a ticker means.

    def identities(self, tickers: Iterable[str]) -> dict[str, Identity]:
        """From when on a ticker means the company that it means now, where that was told."""
        rows = self._connections.connection.execute(
            "SELECT ticker, valid_from, before FROM json_each(?) JOIN price_identities "
            "ON ticker = value",
            (_json(tickers),),
        )
        return {
            ticker: Identity(ticker=ticker, valid_from=from_day_number(day), before=before)
            for ticker, day, before in rows
        }

    def keep_identities(self, identities: Iterable[Identity]) -> None:
        """Store what was told; a later telling takes the place of an earlier one."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO price_identities (ticker, valid_from, before) "
                "VALUES (?, ?, ?)",
                [(i.ticker, to_day_number(i.valid_from), i.before) for i in identities],
            )

    # Rows.

    def _records(
        self, tickers: str, since: date | None, until: date | None
    ) -> Iterator[tuple[str, Mapping[str, Records]]]:
        """The columns of each ticker's bars between two days, read in one go."""
        rows = self._connections.connection.execute(
            "SELECT ticker, bars FROM json_each(?) JOIN bars ON ticker = value "
            "WHERE quarter BETWEEN ? AND ? ORDER BY ticker, quarter",
            (tickers, _quarter(since or date.min), _quarter(until or date.max)),
        ).fetchall()
        whole = np.frombuffer(b"".join(packed for _, packed in rows), _RECORD)
        columns = {name: np.ascontiguousarray(whole[name]) for name in _RECORD.names or ()}
        first, last = (since or date.min).toordinal(), (until or date.max).toordinal()
        start = 0
        for ticker, its in groupby(rows, key=lambda row: str(row[0])):
            end = start + sum(len(packed) for _, packed in its) // _RECORD.itemsize
            days = columns["day"][start:end]
            within = slice(
                start + int(np.searchsorted(days, first)),
                start + int(np.searchsorted(days, last, side="right")),
            )
            yield ticker, {name: column[within] for name, column in columns.items()}
            start = end

    def _exchanges(self, tickers: str) -> dict[str, str | None]:
        return dict(
            self._connections.connection.execute(
                "SELECT ticker, exchange FROM json_each(?) JOIN price_tickers ON ticker = value",
                (tickers,),
            ).fetchall()
        )

    def _held(self, ticker: str, first: int, last: int) -> Records:
        rows = self._connections.connection.execute(
            "SELECT bars FROM bars WHERE ticker = ? AND quarter BETWEEN ? AND ? ORDER BY quarter",
            (ticker, first, last),
        )
        return np.frombuffer(b"".join(packed for (packed,) in rows), _RECORD)

    def _packed(self, bars: Bars, source: int, seen_at: int) -> Records:
        records = np.empty(len(bars), _RECORD)
        records["day"], records["seen_at"], records["source"] = bars.days, seen_at, source
        for name in (*_PRICES, "volume"):
            records[name] = getattr(bars, name)
        return records

    def _write(self, ticker: str, records: Records) -> None:
        quarters = np.array([_quarter(day) for day in _dates(records)])
        rows = [
            (ticker, int(quarter), records[quarters == quarter].tobytes())
            for quarter in np.unique(quarters)
        ]
        self._connections.connection.executemany(
            "INSERT INTO bars (ticker, quarter, bars) VALUES (?, ?, ?) "
            "ON CONFLICT (ticker, quarter) DO UPDATE SET bars = excluded.bars",
            rows,
        )

    def _remember(self, ticker: str, records: Records, seen_at: int) -> None:
        rows = [
            (
                ticker,
                to_day_number(date.fromordinal(int(each["day"]))),
                seen_at,
                json.dumps({name: _known(each[name]) for name in (*_PRICES, "volume")}),
            )
            for each in records
        ]
        self._connections.connection.executemany(
            "INSERT INTO restated_bars (ticker, day, seen_at, told) VALUES (?, ?, ?, ?)", rows
        )

    def _source_number(self, name: str) -> int:
        connection = self._connections.connection
        connection.execute(
            "INSERT INTO price_sources (name) VALUES (?) ON CONFLICT DO NOTHING", (name,)
        )
        number: int = connection.execute(
            "SELECT id FROM price_sources WHERE name = ?", (name,)
        ).fetchone()[0]
        return number

    def _follow(self, bars: Bars) -> None:
        first, last = (to_day_number(date.fromordinal(int(bars.days[at]))) for at in (0, -1))
        self._connections.connection.execute(
            "INSERT INTO price_tickers (ticker, exchange, first_day, last_day) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (ticker) DO UPDATE SET exchange = COALESCE(excluded.exchange, exchange), "
            "first_day = MIN(COALESCE(first_day, excluded.first_day), excluded.first_day), "
            "last_day = MAX(COALESCE(last_day, excluded.last_day), excluded.last_day)",
            (bars.ticker, bars.exchange, first, last),
        )

    def _actions(self, where: str, parameters: Sequence[Any]) -> list[Action]:
        rows = self._connections.connection.execute(
            "SELECT ticker, ex_day, kind, price_ratio, eps_ratio, cash_usd, source "
            f"FROM json_each(?) JOIN price_actions ON {where} ORDER BY ticker, ex_day",
            parameters,
        )
        return [
            Action(
                ticker=ticker, ex_day=from_day_number(day), kind=ActionKind(kind),
                price_ratio=price_ratio, eps_ratio=eps_ratio, cash_usd=cash_usd, source=source,
            )
            for ticker, day, kind, price_ratio, eps_ratio, cash_usd, source in rows
        ]  # fmt: skip


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _dates(records: Records) -> tuple[date, ...]:
    return tuple(date.fromordinal(day) for day in records["day"].tolist())


def _same(one: Records, other: Records) -> Records:
    """Which bars of the same sessions read the same."""
    same: Records = np.isclose(
        one["volume"], other["volume"], rtol=_SAME_VOLUME, atol=0, equal_nan=True
    )
    for name in _PRICES:
        same &= np.isclose(one[name], other[name], rtol=_SAME_PRICE, atol=0, equal_nan=True)
    return same


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _json(values: Iterable[str]) -> str:
    return json.dumps(list(dict.fromkeys(values)))
