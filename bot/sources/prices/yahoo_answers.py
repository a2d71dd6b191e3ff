"""What Yahoo's JSON means: a chart as bars and actions, a quote as a quote.

Source: recorded answers of chart v8 and quote v7; neither is documented by Yahoo.  Closes of a
chart are adjusted, as of the day on which it is asked for, for splits and for spin-offs, which it
tells as splits; volumes too.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from bot.calendar import NYSE
from bot.clock import new_york_day
from bot.prices.adjust import as_traded, price_factors
from bot.prices.bars import Action, ActionKind, Bars, Floats
from bot.prices.splits import split_action
from bot.sources.prices.provider import Quote
from bot.sources.prices.yahoo_trouble import Trouble

SOURCE = "yahoo"
FORWARD_METHOD = "next fiscal year, analysts' mean (Yahoo epsForward)"
_COLUMNS = ("open", "high", "low", "close", "volume")
_SINGLE = 1.5e-7
"""How far, relatively, a price in 32 bits may lie from the one that it stands for."""

Json = Mapping[str, Any]


class NoPrices(ValueError):
    """The answer is whole, and has no prices that can be used, as it says why."""


def read_chart(
    ticker: str, said: Json, *, since: date, until: date, now: datetime
) -> tuple[Bars, list[Action]]:
    """The closed sessions from ``since`` to ``until`` as they were traded, and the actions.

    said: the answer to a question for everything from ``since`` until ``now``.
    Raises NoPrices where there are none in dollars, ArithmeticError, AttributeError, LookupError,
    TypeError or ValueError on anything but a chart.
    """
    results = said["chart"]["result"]
    if not results:
        raise NoPrices(Trouble.UNKNOWN)
    result = results[0]
    meta, events = result["meta"], result.get("events") or {}
    if meta.get("currency") != "USD":
        raise NoPrices(f"it is quoted in {meta.get('currency') or 'no currency'}, not in dollars")
    today = new_york_day(now)
    splits = [
        split_action(ticker, _day(e["date"]), e["numerator"] / e["denominator"], SOURCE)
        for e in (events.get("splits") or {}).values()
    ]
    splits = [split for split in splits if since <= split.ex_day <= today]
    bars = _bars(ticker, result, _exchange(meta), now)
    traded = as_traded(bars, splits, today)
    actions = [*splits, *_dividends(ticker, events.get("dividends") or {}, splits)]
    actions = [action for action in actions if since <= action.ex_day <= until]
    actions.sort(key=lambda action: action.ex_day)
    asked = (traded.days >= since.toordinal()) & (traded.days <= until.toordinal())
    return _rounded(traded.take(asked)), actions


def no_bars(ticker: str) -> Bars:
    """A series without a session."""
    none = np.array([], np.float64)
    return Bars(
        ticker=ticker,
        days=np.array([], np.int32),
        open=none,
        high=none,
        low=none,
        close=none,
        volume=none,
    )


def read_quotes(tickers: Mapping[str, str], said: Json, now: datetime) -> dict[str, Quote]:
    """Quotes by ticker; what is not in dollars or without a price of regular trading is left out.

    tickers: by the symbol that Yahoo has for each.
    Raises KeyError, TypeError or AttributeError on anything but quotes.
    """
    found = {}
    for raw in said["quoteResponse"]["result"]:
        ticker = tickers.get(raw["symbol"])
        if ticker and (quote := _quote(ticker, raw, now)):
            found[ticker] = quote
    return found


def _bars(ticker: str, result: Json, exchange: str | None, now: datetime) -> Bars:
    """The rows that are bars: of a closed session, each once, with a close."""
    quote = (result["indicators"]["quote"] or [{}])[0]
    rows: dict[date, list[float]] = {}
    for place, seconds in enumerate(result.get("timestamp") or ()):
        day = _day(seconds)
        row = [_number(quote[name][place]) for name in _COLUMNS]
        if _is_closed_session(day, now) and row[3] > 0 and day not in rows:
            rows[day] = row
    days = sorted(rows)
    table = np.array([rows[day] for day in days], np.float64).reshape(-1, len(_COLUMNS))
    prices = np.where(table[:, :4] > 0, table[:, :4], np.nan)
    return Bars(
        ticker=ticker,
        days=np.array([day.toordinal() for day in days], np.int32),
        open=prices[:, 0],
        high=prices[:, 1],
        low=prices[:, 2],
        close=prices[:, 3],
        volume=table[:, 4],
        exchange=exchange,
    )


def _is_closed_session(day: date, now: datetime) -> bool:
    return NYSE.is_session(day) and NYSE.close_at(day) <= now


def _dividends(ticker: str, told: Json, splits: Sequence[Action]) -> list[Action]:
    """Cash a share as it was paid, which comes adjusted for later splits."""
    paid = sorted((_day(each["date"]), _number(each["amount"])) for each in told.values())
    days = np.array([day.toordinal() for day, _ in paid], np.int32)
    factors = price_factors(days, splits)
    return [
        Action(
            ticker=ticker,
            ex_day=day,
            kind=ActionKind.DIVIDEND,
            cash_usd=round(cash * float(factor), 6),
            source=SOURCE,
        )
        for (day, cash), factor in zip(paid, factors, strict=True)
        if cash > 0
    ]


def _rounded(bars: Bars) -> Bars:
    """What was paid, not the nearest 32-bit number: 211.2100067138672 is 211.21."""
    return replace(
        bars,
        open=_as_paid(bars.open),
        high=_as_paid(bars.high),
        low=_as_paid(bars.low),
        close=_as_paid(bars.close),
        volume=np.round(bars.volume),
    )


def _as_paid(prices: Floats) -> Floats:
    """The roundest price of up to four decimals that a 32-bit number can stand for."""
    paid = prices
    for decimals in (4, 3, 2):
        rounded = np.round(prices, decimals)
        paid = np.where(np.abs(rounded - prices) <= _SINGLE * np.abs(prices), rounded, paid)
    return paid


def _quote(ticker: str, raw: Json, now: datetime) -> Quote | None:
    price = _positive(raw.get("regularMarketPrice"))
    at = _positive(raw.get("regularMarketTime"))
    if price is None or at is None or raw.get("currency") != "USD":
        return None
    forward = _finite(raw.get("epsForward"))
    pe = _positive(raw.get("forwardPE"))
    return Quote(
        ticker=ticker,
        at=min(datetime.fromtimestamp(at, UTC), now + timedelta(minutes=1)),
        price_usd=price,
        previous_close_usd=_positive(raw.get("regularMarketPreviousClose")),
        volume=_finite(raw.get("regularMarketVolume")),
        pe_forward=pe,
        forward_eps_usd=forward,
        forward_method=FORWARD_METHOD if pe is not None or forward is not None else None,
        exchange=_exchange(raw),
    )


def _exchange(raw: Json) -> str | None:
    """Where it trades; every market over the counter is OTC."""
    name = str(raw.get("fullExchangeName") or "").strip()
    return "OTC" if "OTC" in name.upper() else name or None


def _day(seconds: float) -> date:
    return new_york_day(datetime.fromtimestamp(seconds, UTC))


def _number(given: Any) -> float:
    """A number, NaN where there is none; TypeError on what can not be one."""
    if given is None:
        return math.nan
    number = float(given["raw"] if isinstance(given, Mapping) else given)
    return number if math.isfinite(number) else math.nan


def _finite(given: Any) -> float | None:
    number = math.nan if given == {} else _number(given)
    return None if math.isnan(number) else number


def _positive(given: Any) -> float | None:
    number = _finite(given)
    return number if number is not None and number > 0 else None
