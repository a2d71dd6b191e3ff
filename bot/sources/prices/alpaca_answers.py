"""Reads what Alpaca answers: daily bars, corporate actions and snapshots.

Sources: docs.alpaca.markets/reference: stockbars (a bar's ``t`` is midnight in New York, written in
UTC), corporateactions-1 (sorted and filtered by ``process_date``, not by ``ex_date``) and
stocksnapshots; the models of alpaca-py for each action's fields; forum.alpaca.markets/t/14660: a
split's ``ex_date`` is the first day that trades on the new basis.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from bot.calendar import NYSE
from bot.clock import from_text, new_york_day
from bot.prices.bars import ActionKind, Bars

ACTION_TYPES = ("forward_split", "reverse_split", "stock_dividend", "spin_off", "cash_dividend")
"""What is asked for.  Not unit_split: units that come apart keep no ticker, and no ratio of prices
follows from it."""

BASIS_TYPES = ACTION_TYPES[:-1]
"""Those that change what a price stands for."""

_MISSHAPEN = (KeyError, OverflowError, TypeError, ValueError)
Row = tuple[float, float, float, float, float]


class Unreadable(ValueError):
    """One ticker's part of an answer is not what it should be, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a company did, as Alpaca tells it.

    ex_day: the first session on the new basis; None where it can not be read.
    ratio: what prices before are divided by; None is unknown, as it is of every spin-off.
    """

    symbol: str
    kind: ActionKind
    ex_day: date | None
    ratio: float | None = None
    cash_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A price of regular trading, and the close of the session before on its own basis."""

    at: datetime
    price_usd: float
    previous_close_usd: float | None


def read_bars(told: Any) -> dict[date, Row]:
    """Open, high, low, close and volume by session; a bar without a close is none.

    Raises Unreadable where these are no bars.
    """
    if not isinstance(told, list):
        raise Unreadable(f"its bars are no list but {told!r:.40}")
    rows = {}
    for bar in told:
        try:
            day = new_york_day(_instant(bar["t"]))
        except _MISSHAPEN as error:
            raise Unreadable(f"a bar without a readable time: {bar!r:.80}") from error
        row = _row(bar)
        if NYSE.is_session(day) and not math.isnan(row[3]):
            rows[day] = row
    return rows


def to_bars(ticker: str, rows: Mapping[date, Row]) -> Bars:
    """Bars in the order of their sessions."""
    days = sorted(rows)
    columns = np.array([rows[day] for day in days], dtype=np.float64).reshape(-1, 5).T
    numbers = np.array([day.toordinal() for day in days], dtype=np.int32)
    opened, high, low, close, volume = columns
    return Bars(
        ticker=ticker, days=numbers, open=opened, high=high, low=low, close=close, volume=volume
    )


def read_actions(page: Mapping[str, Any]) -> Iterator[Told]:
    """The actions of a page; Unreadable where it holds none at all."""
    groups = page.get("corporate_actions")
    if not isinstance(groups, dict):
        raise Unreadable("no 'corporate_actions' in the answer")
    for name in ACTION_TYPES:
        listed = groups.get(f"{name}s") or ()
        if not isinstance(listed, list | tuple):
            raise Unreadable(f"'{name}s' is no list but {listed!r:.40}")
        for told in listed:
            if not isinstance(told, dict):
                raise Unreadable(f"an action is no object but {told!r:.40}")
            yield _read_action(name, told)


def read_snapshots(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """Snapshots by symbol; Unreadable where there are none.  The documentation shows two shapes."""
    told = page.get("snapshots", page)
    if not isinstance(told, dict):
        raise Unreadable(f"'snapshots' are no object but {told!r:.40}")
    return told


def read_snapshot(told: Any, now: datetime) -> Seen | None:
    """The last price of regular trading in a snapshot; None without one.

    A trade before or after hours is passed over; then the last closed session's close is the price.
    The close before is told only where its bar is that of the session before.
    """
    if not isinstance(told, dict):
        return None
    closes = dict(filter(None, (_close(told.get("dailyBar")), _close(told.get("prevDailyBar")))))
    seen = _trade(told.get("latestTrade")) or _closed(closes, now)
    if seen is None:
        return None
    at, price = seen
    before = NYSE.session_day(NYSE.session_number(new_york_day(at)) - 1)
    return Seen(at=at, price_usd=price, previous_close_usd=closes.get(before))


def first_session(day: date) -> date:
    """The day itself, or the session after it where the exchange is closed."""
    return day if NYSE.is_session(day) else NYSE.session_day(NYSE.session_number(day) + 1)


def _row(bar: Mapping[str, Any]) -> Row:
    opened, high, low, close = (_positive(bar.get(name)) for name in "ohlc")
    volume = _number(bar.get("v"))
    return opened, high, low, close, volume if volume >= 0 else math.nan


def _read_action(name: str, told: Mapping[str, Any]) -> Told:
    symbol = str(told.get("source_symbol" if name == "spin_off" else "symbol"))
    try:
        ex_day = first_session(date.fromisoformat(told["ex_date"]))
    except _MISSHAPEN:
        ex_day = None
    if name == "cash_dividend":
        cash = _known(_positive(told.get("rate")))
        kind = ActionKind.DIVIDEND
        return Told(symbol=symbol, kind=kind, ex_day=ex_day, ratio=1.0, cash_usd=cash)
    if name == "spin_off":
        return Told(symbol=symbol, kind=ActionKind.SPINOFF, ex_day=ex_day)
    kind = ActionKind.REVERSE_SPLIT if name == "reverse_split" else ActionKind.SPLIT
    return Told(symbol=symbol, kind=kind, ex_day=ex_day, ratio=_known(_shares_after(name, told)))


def _shares_after(name: str, told: Mapping[str, Any]) -> float:
    """For each share before."""
    if name == "stock_dividend":
        return 1 + _positive(told.get("rate"))
    return _positive(told.get("new_rate")) / _positive(told.get("old_rate"))


def _known(number: float) -> float | None:
    return number if 0 < number < math.inf else None


def _trade(told: Any) -> tuple[datetime, float] | None:
    """When and at what price it was, where that was in regular trading."""
    try:
        at, price = _instant(told["t"]), _positive(told["p"])
    except _MISSHAPEN:
        return None
    return None if math.isnan(price) or not NYSE.is_open(at) else (at, price)


def _closed(closes: Mapping[date, float], now: datetime) -> tuple[datetime, float] | None:
    """The newest close of a session that has ended."""
    ended = [day for day in closes if NYSE.close_at(day) <= now]
    return (NYSE.close_at(max(ended)), closes[max(ended)]) if ended else None


def _close(bar: Any) -> tuple[date, float] | None:
    try:
        day, close = new_york_day(_instant(bar["t"])), _positive(bar["c"])
    except _MISSHAPEN:
        return None
    return None if math.isnan(close) or not NYSE.is_session(day) else (day, close)


def _instant(text: str) -> datetime:
    """ValueError on one that no exchange has seen."""
    instant = from_text(text)
    if not 1900 < instant.year < 2200:
        raise ValueError(f"{text!r:.40} is no time of trading")
    return instant


def _number(told: Any) -> float:
    """A finite number, else NaN: texts, null, NaN and infinities are unknown."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return math.nan
    try:
        number = float(told)
    except OverflowError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _positive(told: Any) -> float:
    number = _number(told)
    return number if number > 0 else math.nan
