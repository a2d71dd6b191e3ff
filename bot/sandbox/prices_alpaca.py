"""An Alpaca on loopback: bars, corporate actions and snapshots of a made-up market, for a free key.

It answers as docs.alpaca.markets/reference says (stockbars, corporateactions-1, stocksnapshots):
pages, bars at midnight in New York, actions by the day of their processing, 403 for a tape that is
younger than 15 minutes, 400 for a symbol that can not be one; and goes wrong on request.
"""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import Message
from fractions import Fraction
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.calendar import NYSE, start_of
from bot.clock import EPOCH, Clock, from_text, new_york_day, system_clock, to_text
from bot.prices.bars import Action, ActionKind
from bot.sandbox.edgar_faults import Faults
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.loopback import Loopback
from bot.sandbox.price_faults import befall
from bot.sandbox.prices import Listing, PriceMarket, TradedBar

KEY, SECRET = "PKSANDBOX", "sandbox-secret"

_JSON = "application/json; charset=UTF-8"
_YOUNGEST = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_IEX_SHARE = 0.018  # of all volume
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{,7}(\.[A-Z]+)?")
_TYPES = {
    ActionKind.SPLIT: "forward_split",
    ActionKind.REVERSE_SPLIT: "reverse_split",
    ActionKind.SPINOFF: "spin_off",
    ActionKind.DIVIDEND: "cash_dividend",
}
_PROCESSED_AFTER = {
    ActionKind.SPINOFF: timedelta(days=1),
    ActionKind.DIVIDEND: timedelta(days=22),  # on its payment
}
_ADJUSTS = {
    "split": (ActionKind.SPLIT, ActionKind.REVERSE_SPLIT),
    "spin-off": (ActionKind.SPINOFF,),
}
Query = dict[str, str]


class _Refused(Exception):
    """An answer that is no data."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.reply = _json({"message": message}, status)


class SandboxAlpaca(Loopback):
    """Serves a market of prices from a port of its own until it is closed; a context manager.

    clock: the market's time.  requests_a_minute: over that 429 is answered until the minute is
    over, counted by the market's time.  asked: what came, in the order of its answers.
    """

    def __init__(
        self,
        market: PriceMarket,
        clock: Clock = system_clock,
        *,
        key: str = KEY,
        secret: str = SECRET,
        requests_a_minute: int = 200,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(clock, host=host, port=port, name="sandbox-alpaca")
        self.market, self.faults = market, Faults()
        self.asked: list[str] = []
        self._keys = (key, secret)
        self._allowed = requests_a_minute
        self._last_minute: deque[datetime] = deque()
        self._lock = Lock()

    def answer(self, url: str, headers: Message) -> Reply:
        self.asked.append(url)
        with self._lock:
            left, reset = self._count()
        try:
            reply = self._answer(url, headers, left)
        except _Refused as refused:
            reply = refused.reply
        limit = {
            "X-RateLimit-Limit": str(self._allowed),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": str(int((reset - EPOCH).total_seconds())),
        }
        reply = befall(self.faults.draw(url), reply)
        return replace(reply, headers={**limit, **reply.headers})

    def _count(self) -> tuple[int, datetime]:
        """How many requests are left in this minute, and when the next begins."""
        now = self.clock()
        reset = now.replace(second=0, microsecond=0) + _MINUTE
        while self._last_minute and self._last_minute[0] < reset - _MINUTE:
            self._last_minute.popleft()
        self._last_minute.append(now)
        return self._allowed - len(self._last_minute), reset

    def _answer(self, url: str, headers: Message, left: int) -> Reply:
        if (headers.get("APCA-API-KEY-ID"), headers.get("APCA-API-SECRET-KEY")) != self._keys:
            raise _Refused(403, "forbidden.")
        if left < 0:
            raise _Refused(429, "too many requests.")
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        match parts.path:
            case "/v2/stocks/bars":
                return _json(self._bars(query))
            case "/v1/corporate-actions":
                return _json(self._actions(query))
            case "/v2/stocks/snapshots":
                return _json(self._snapshots(query))
        raise _Refused(404, "endpoint not found.")

    def _listings(self, query: Query) -> list[tuple[str, Listing]]:
        """What is asked about, by symbol; an unknown one is passed over."""
        symbols = query.get("symbols", "").split(",")
        for symbol in symbols:
            if not _SYMBOL.fullmatch(symbol):
                raise _Refused(400, f"invalid symbol: {symbol}")
        found = ((s, self.market.get(s.replace(".", "-"))) for s in sorted(set(symbols)))
        return [(symbol, listing) for symbol, listing in found if listing is not None]

    def _bars(self, query: Query) -> dict[str, Any]:
        now = self.clock()
        start, end = (from_text(query[name]) for name in ("start", "end"))
        if query.get("feed") == "sip" and end > now - _YOUNGEST:
            raise _Refused(403, "subscription does not permit querying recent SIP data")
        if query.get("timeframe") != "1Day":
            raise _Refused(400, f"invalid timeframe: {query.get('timeframe')}")
        told = [
            (symbol, _bar(bar, listing, query, now))
            for symbol, listing in self._listings(query)
            for bar in listing.known(now)
            if start <= start_of(bar.day) <= end
        ]
        page, token = _page(told, query)
        bars: dict[str, list[Any]] = {}
        for symbol, bar in page:
            bars.setdefault(symbol, []).append(bar)
        return {"bars": bars, "next_page_token": token}

    def _actions(self, query: Query) -> dict[str, Any]:
        first, last = (date.fromisoformat(query[name]) for name in ("start", "end"))
        types = query.get("types", "").split(",")
        told = [
            (_TYPES[action.kind], _action(symbol, action))
            for symbol, listing in self._listings(query)
            for action in listing.told(self.clock())
            if first <= _processed(action) <= last and _TYPES[action.kind] in types
        ]
        told.sort(key=lambda pair: pair[1]["process_date"])
        page, token = _page(told, query)
        groups: dict[str, list[Any]] = {}
        for kind, action in page:
            groups.setdefault(f"{kind}s", []).append(action)
        return {"corporate_actions": groups, "next_page_token": token}

    def _snapshots(self, query: Query) -> dict[str, Any]:
        now = self.clock()
        if query.get("feed") != "iex":
            raise _Refused(403, "subscription does not permit querying recent SIP data")
        return {
            symbol: _snapshot(listing, now)
            for symbol, listing in self._listings(query)
            if listing.known(now)
        }


def _page(told: list[Any], query: Query) -> tuple[list[Any], str | None]:
    start, size = int(query.get("page_token", "0")), int(query.get("limit", "1000"))
    end = start + size
    return told[start:end], str(end) if end < len(told) else None


def _bar(bar: TradedBar, listing: Listing, query: Query, now: datetime) -> dict[str, Any]:
    """A bar as asked for; one of a day without numbers has none."""
    if bar.day in listing.empty:
        return {"t": _midnight(bar.day), **dict.fromkeys(("o", "h", "l", "c", "v"))}
    kinds = {kind for word in query["adjustment"].split(",") for kind in _ADJUSTS.get(word, ())}
    ratio = 1.0
    for action in listing.happened(now):
        if action.kind in kinds and action.ex_day > bar.day:
            ratio *= action.price_ratio
    return _written(bar, ratio, 1.0 if query.get("feed") == "sip" else _IEX_SHARE)


def _written(bar: TradedBar, ratio: float, share: float) -> dict[str, Any]:
    prices = {"o": bar.open, "h": bar.high, "l": bar.low, "c": bar.close}
    told: dict[str, Any] = {"t": _midnight(bar.day)}
    told |= {name: round(price / ratio, 2) for name, price in prices.items()}
    trades = max(int(bar.volume * share) // 100, 1)
    return told | {"v": int(bar.volume * share * ratio), "n": trades, "vw": told["c"]}


def _action(symbol: str, action: Action) -> dict[str, Any]:
    dates = {
        "ex_date": action.ex_day.isoformat(),
        "process_date": _processed(action).isoformat(),
        "record_date": action.ex_day.isoformat(),
    }
    if action.kind is ActionKind.DIVIDEND:
        flags = {"special": False, "foreign": False}
        return {"symbol": symbol, "rate": action.cash_usd, **flags, **dates}
    if action.kind is ActionKind.SPINOFF:
        new = {"new_symbol": f"{symbol}X", "new_rate": 1, "source_rate": 4}
        return {"source_symbol": symbol, **new, **dates}
    ratio = Fraction(action.price_ratio).limit_denominator(1000)
    rates = {"new_rate": ratio.numerator, "old_rate": ratio.denominator}
    return {"symbol": symbol, **rates, **dates}


def _processed(action: Action) -> date:
    return action.ex_day + _PROCESSED_AFTER.get(action.kind, timedelta())


def _snapshot(listing: Listing, now: datetime) -> dict[str, Any]:
    """What IEX knows: the trade now, or the last one after hours, and the days' bars."""
    daily = listing.known(now)[-1]
    previous = listing.previous(now)
    at, price = _last_trade(daily, now)
    trade = {
        "t": to_text(at)[:-1] + "000000Z",
        "x": "V",
        "p": price,
        "s": 100,
        "c": ["@"],
        "z": "C",
    }
    told = {"latestTrade": trade, "dailyBar": _written(daily, 1.0, _IEX_SHARE)}
    return told | {"prevDailyBar": previous and _written(previous, 1.0, _IEX_SHARE)}


def _last_trade(daily: TradedBar, now: datetime) -> tuple[datetime, float]:
    """In a session the price of now; after it one that is a little higher, half an hour later."""
    if NYSE.is_open(now) and new_york_day(now) == daily.day:
        return now, daily.close
    after = NYSE.close_at(daily.day) + timedelta(minutes=30)
    return min(after, now), round(daily.close * 1.01, 2)


def _midnight(day: date) -> str:
    return f"{to_text(start_of(day))[:19]}Z"


def _json(told: Mapping[str, Any], status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(told).encode(), kind=_JSON)
