"""Asks Alpaca about many symbols: a hundred at a time, page by page, without those it refuses."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.calendar import NYSE, start_of
from bot.clock import Clock, new_york_day, to_text
from bot.errors import SourceUnreadable
from bot.sources.prices.alpaca_answers import (
    Row,
    Told,
    Unreadable,
    read_actions,
    read_bars,
    read_snapshots,
)
from bot.sources.prices.alpaca_door import AlpacaDoor, BadRequest, Json

AT_ONCE = 100
"""Symbols of one request."""

HELD_BACK = timedelta(minutes=16)
"""Younger than 15 minutes is not given to a free key; one more for clocks that disagree."""

Rows = dict[str, dict[date, Row]]
"""Bars by symbol and session."""

_BARS, _ACTIONS, _SNAPSHOTS = "/v2/stocks/bars", "/v1/corporate-actions", "/v2/stocks/snapshots"
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]*(\.[A-Z]+)?", re.ASCII)
_INVALID = re.compile(r"invalid symbols?\b[:\s]*(.+)", re.IGNORECASE)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_BEFORE, _AFTER = timedelta(days=14), timedelta(days=120)
"""An action is filed under the day on which it was processed; of a dividend that of payment."""


class Asked:
    """The tickers of one call by the symbols that Alpaca has for them, and why some are refused.

    Class shares are written with a point there: BRK-B is BRK.B.
    """

    def __init__(self, tickers: Sequence[str]) -> None:
        self.refused: dict[str, str] = {}
        self._tickers: dict[str, str] = {}
        for ticker in tickers:
            symbol = ticker.replace("-", ".")
            if _SYMBOL.fullmatch(symbol):
                self._tickers[symbol] = ticker
            else:
                self.refused[ticker] = "no symbol at Alpaca is written so"

    @property
    def symbols(self) -> list[str]:
        """Those that are not refused."""
        return [s for s, ticker in self._tickers.items() if ticker not in self.refused]

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._tickers

    def ticker(self, symbol: str) -> str:
        return self._tickers[symbol]

    def refuse(self, symbol: str, why: str) -> None:
        self.refused[self._tickers[symbol]] = why


class Questions:
    """What is asked of Alpaca.  Errors are those of the door; a part of an answer that can not be
    read refuses its symbol, a whole one raises SourceUnreadable.
    """

    def __init__(self, door: AlpacaDoor, clock: Clock) -> None:
        self._door, self._clock = door, clock

    def last_closed(self) -> date:
        """The newest session that ended so long ago that a free key gives all of it."""
        by = self._clock() - HELD_BACK
        number = NYSE.session_number(new_york_day(by))
        day = NYSE.session_day(number)
        return day if NYSE.close_at(day) <= by else NYSE.session_day(number - 1)

    def bars(self, asked: Asked, since: date, until: date, adjustment: str = "raw") -> Rows:
        """Bars of the closed sessions from ``since`` to ``until`` on the consolidated tape.

        Symbols without any are left out, but where no session is asked about.
        """
        last = min(until, self.last_closed())
        if not asked.symbols or NYSE.session_number(last) < NYSE.session_number(since - _DAY) + 1:
            return {symbol: {} for symbol in asked.symbols}
        end = min(start_of(last + _DAY) - _SECOND, self._clock() - HELD_BACK)
        rows: Rows = {}
        for page in self._pages(
            _BARS,
            asked,
            timeframe="1Day",
            start=_second(start_of(since)),
            end=_second(end),
            adjustment=adjustment,
            feed="sip",
            limit="10000",
        ):
            for symbol, told in _object(page, "bars").items():
                if symbol in asked:
                    self._add(rows, asked, symbol, told)
        for of in rows.values():
            for day in [day for day in of if not since <= day <= last]:
                del of[day]
        return rows

    def actions(self, asked: Asked, types: Sequence[str], since: date, until: date) -> list[Told]:
        """What the companies did from ``since`` to ``until``, by its first session.

        A split that is told twice counts once; two dividends of a day are two.
        """
        found: dict[tuple[object, ...], Told] = {}
        for page in self._pages(
            _ACTIONS,
            asked,
            types=",".join(types),
            start=(since - _BEFORE).isoformat(),
            end=(until + _AFTER).isoformat(),
            limit="1000",
        ):
            try:
                told = list(read_actions(page))
            except Unreadable as error:
                raise _unreadable(_ACTIONS, str(error)) from error
            for each in told:
                if each.ex_day is None or since <= each.ex_day <= until:
                    found[each.symbol, each.ex_day, each.kind, each.cash_usd] = each
        return list(found.values())

    def snapshots(self, asked: Asked) -> dict[str, Any]:
        """By symbol what trades on IEX now; unknown symbols are absent."""
        told: dict[str, Any] = {}
        for page in self._pages(_SNAPSHOTS, asked, feed="iex"):
            try:
                of = read_snapshots(page)
            except Unreadable as error:
                raise _unreadable(_SNAPSHOTS, str(error)) from error
            told |= {symbol: each for symbol, each in of.items() if symbol in asked}
        return told

    def _pages(self, path: str, asked: Asked, **query: str) -> Iterator[Json]:
        symbols = asked.symbols
        for start in range(0, len(symbols), AT_ONCE):
            yield from self._of(path, asked, symbols[start : start + AT_ONCE], query)

    def _of(
        self, path: str, asked: Asked, symbols: list[str], query: dict[str, str]
    ) -> Iterator[Json]:
        """The pages about some symbols; those called invalid are refused, the others asked for."""
        while symbols:
            try:
                yield from self._door.pages(path, {"symbols": ",".join(symbols), **query})
                return
            except BadRequest as error:
                invalid = _invalid_in(error.what) & set(symbols)
                if not invalid:
                    raise _unreadable(path, f"the request is refused: {error.what}") from error
                for symbol in invalid:
                    asked.refuse(symbol, "Alpaca calls it an invalid symbol")
                symbols = [symbol for symbol in symbols if symbol not in invalid]

    @staticmethod
    def _add(rows: Rows, asked: Asked, symbol: str, told: Any) -> None:
        try:
            rows.setdefault(symbol, {}).update(read_bars(told))
        except Unreadable as error:
            asked.refuse(symbol, str(error))


def _invalid_in(message: str) -> set[str]:
    """The symbols that a message calls invalid: "invalid symbol: TAOP:NASDAQ"."""
    match = _INVALID.search(message)
    return set(re.findall(r"[^\s,\"']+", match[1])) if match else set()


def _object(page: Json, name: str) -> dict[str, Any]:
    told = page.get(name, ())
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise _unreadable(_BARS, f"no '{name}' in the answer")
    return told


def _unreadable(path: str, why: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"Alpaca's answer can not be read: {why}",
        where=path,
        mend="see whether Alpaca changed its answers; the reader needs mending",
    )


def _second(instant: datetime) -> str:
    """RFC 3339 to the second, as Alpaca's own examples."""
    return f"{to_text(instant)[:19]}Z"
