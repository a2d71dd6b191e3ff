"""A Yahoo Finance on loopback: charts and quotes of a made-up market, in the shape recorded of it.

As there, closes are adjusted for splits and spin-offs as of now and come as 32-bit numbers, a
session under way has a bar, and quotes want a cookie and a crumb.
"""

import json
import math
import struct
from collections.abc import Sequence
from datetime import datetime
from email.message import Message
from fractions import Fraction
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bot.calendar import NYSE
from bot.clock import Clock, system_clock
from bot.prices.bars import Action, ActionKind
from bot.sandbox.edgar_faults import Faults
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.loopback import Loopback
from bot.sandbox.price_faults import befall
from bot.sandbox.prices import Listing, PriceMarket, TradedBar

_CRUMB = "sandbox.crumb"
_COOKIE = "A3=d=sandbox"
_CHART, _QUOTE = "/v8/finance/chart/", "/v7/finance/quote"
_AFTER_HOURS = 1.01  # what is paid then, beside the last price of regular trading
_NEW_YORK = {"exchangeTimezoneName": "America/New_York", "gmtoffset": -18000, "timezone": "EST"}
Json = dict[str, Any]


class SandboxYahoo(Loopback):
    """Serves a market of prices from a port of its own until it is closed; a context manager.

    clock: the market's time.  faults: what goes wrong, by a text in the path of the request.
    crumbs: whether it hands out crumbs that it takes.
    """

    def __init__(
        self,
        market: PriceMarket,
        clock: Clock = system_clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(clock, host=host, port=port, name="sandbox-yahoo")
        self.market, self.faults, self.crumbs = market, Faults(), True
        self._lock = Lock()
        self._paths: list[str] = []

    @property
    def paths(self) -> Sequence[str]:
        """The paths with their queries asked for so far."""
        return tuple(self._paths)

    def answer(self, url: str, headers: Message) -> Reply:
        with self._lock:
            self._paths.append(url)
        return befall(self.faults.draw(url), self._answer(url, headers.get("Cookie", "")))

    def _answer(self, url: str, cookie: str) -> Reply:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/v1/test/getcrumb":
            known = _COOKIE in cookie
            return Reply(body=_CRUMB.encode(), kind="text/plain") if known else _no_crumb("Cookie")
        if parts.path.startswith(_CHART):
            return self._chart(unquote(parts.path.removeprefix(_CHART)), query)
        if parts.path == _QUOTE:
            if not self.crumbs or query.get("crumb") != _CRUMB or _COOKIE not in cookie:
                return _no_crumb("Crumb")
            return self._quotes(query.get("symbols", "").split(","))
        return Reply(status=404, headers={"Set-Cookie": f"{_COOKIE}; Path=/; HttpOnly"})

    def _chart(self, symbol: str, query: dict[str, str]) -> Reply:
        listing, now = self.market.get(symbol), self.clock()
        if listing is None or not listing.known(now):
            why = "No data found, symbol may be delisted"
            return _json(404, {"chart": {"result": None, "error": _error("Not Found", why)}})
        start, end = (int(query.get(key, 0)) for key in ("period1", "period2"))
        bars = [bar for bar in listing.known(now) if start <= _seconds(bar, now) < end]
        if not bars:
            why = f"Data doesn't exist for startDate = {start}, endDate = {end}"
            return _json(400, {"chart": {"result": None, "error": _error("Bad Request", why)}})
        told = [a for a in listing.told(now) if start <= _opening(a) < end]
        return _json(200, {"chart": {"result": [_series(listing, bars, told, now)], "error": None}})

    def _quotes(self, symbols: Sequence[str]) -> Reply:
        now = self.clock()
        listed = [found for symbol in symbols if (found := self.market.get(symbol))]
        result = [_quote(listing, now) for listing in listed if listing.known(now)]
        return _json(200, {"quoteResponse": {"result": result, "error": None}})


def _series(listing: Listing, bars: list[TradedBar], told: list[Action], now: datetime) -> Json:
    ratios = [_ratio_after(listing, bar, now) for bar in bars]
    quote: dict[str, list[float | int | None]] = {
        name: [
            None if bar.day in listing.empty else _single(getattr(bar, name) / ratio)
            for bar, ratio in zip(bars, ratios, strict=True)
        ]
        for name in ("open", "high", "low", "close")
    }
    quote["volume"] = [
        None if bar.day in listing.empty else round(bar.volume * ratio)
        for bar, ratio in zip(bars, ratios, strict=True)
    ]
    return {
        "meta": _meta(listing, now),
        "timestamp": [_seconds(bar, now) for bar in bars],
        "events": _events(listing, told, now),
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": quote["close"]}]},
    }


def _meta(listing: Listing, now: datetime) -> Json:
    last = listing.known(now)[-1]
    return {
        "currency": listing.currency,
        "symbol": listing.ticker,
        "fullExchangeName": listing.exchange,
        "instrumentType": "ETF" if listing.fund else "EQUITY",
        "regularMarketTime": _seconds(last, now),
        "regularMarketPrice": last.close,
        "longName": listing.name,
        "priceHint": 2,
        "dataGranularity": "1d",
        "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
        **_NEW_YORK,
    }


def _events(listing: Listing, told: list[Action], now: datetime) -> Json:
    events: Json = {}
    for action in told:
        at = _opening(action)
        if action.kind is ActionKind.DIVIDEND:
            cash = (action.cash_usd or 0.0) / _ratio_since(listing, action, now)
            events.setdefault("dividends", {})[str(at)] = {"amount": cash, "date": at}
            continue
        ratio = Fraction(str(action.price_ratio))
        events.setdefault("splits", {})[str(at)] = {
            "date": at,
            "numerator": ratio.numerator,
            "denominator": ratio.denominator,
            "splitRatio": f"{ratio.numerator}:{ratio.denominator}",
        }
    return events


def _quote(listing: Listing, now: datetime) -> Json:
    last, before = listing.known(now)[-1], listing.previous(now)
    is_open = NYSE.is_open(now)
    quote: Json = {
        "symbol": listing.ticker,
        "quoteType": "ETF" if listing.fund else "EQUITY",
        "currency": listing.currency,
        "longName": listing.name,
        "fullExchangeName": listing.exchange,
        "marketState": "REGULAR" if is_open else "POST",
        "regularMarketPrice": last.close,
        "regularMarketTime": _last_trade(last, now),
        "regularMarketVolume": round(last.volume),
    }
    if before is not None:
        quote["regularMarketPreviousClose"] = before.close / _ratio_after(listing, before, now)
    if not is_open:
        quote["postMarketPrice"] = round(last.close * _AFTER_HOURS, 2)
    if listing.forward_eps_usd is not None:
        quote["epsForward"] = listing.forward_eps_usd
        quote["forwardPE"] = last.close / listing.forward_eps_usd
    return quote


def _ratio_after(listing: Listing, bar: TradedBar, now: datetime) -> float:
    """Price as traded ÷ price on today's basis."""
    return math.prod(a.price_ratio for a in listing.happened(now) if a.ex_day > bar.day)


def _ratio_since(listing: Listing, action: Action, now: datetime) -> float:
    return math.prod(a.price_ratio for a in listing.happened(now) if a.ex_day > action.ex_day)


def _seconds(bar: TradedBar, now: datetime) -> int:
    """The opening of a session; of one under way the last trade, as it comes there."""
    opened, closes = NYSE.open_at(bar.day), NYSE.close_at(bar.day)
    return int((now if now < closes else opened).timestamp())


def _last_trade(bar: TradedBar, now: datetime) -> int:
    return int(min(now, NYSE.close_at(bar.day)).timestamp())


def _opening(action: Action) -> int:
    return int(NYSE.open_at(action.ex_day).timestamp())


def _single(price: float) -> float:
    """The nearest 32-bit number, as charts carry them."""
    return float(struct.unpack("f", struct.pack("f", price))[0])


def _no_crumb(what: str) -> Reply:
    return _json(
        401, {"finance": {"result": None, "error": _error("Unauthorized", f"Invalid {what}")}}
    )


def _error(code: str, description: str) -> Json:
    return {"code": code, "description": description}


def _json(status: int, content: Json) -> Reply:
    body = json.dumps(content).encode()
    return Reply(status=status, body=body, kind="application/json;charset=utf-8")
