"""Prices of Yahoo Finance, without a key: the resident side, which keeps yfinance out.

Yahoo's data are for personal use and may not be passed on.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from threading import Lock, Timer
from typing import Any
from urllib.parse import quote

from bot.calendar import start_of
from bot.clock import Clock, monotonic, new_york_day
from bot.errors import ConfigError, SourceUnavailable, SourceUnreadable
from bot.prices.bars import Action, Bars
from bot.sources.child import Child, Late
from bot.sources.prices.breaker import Breaker
from bot.sources.prices.provider import Daily, Quote
from bot.sources.prices.yahoo_answers import SOURCE, NoPrices, no_bars, read_chart, read_quotes
from bot.sources.prices.yahoo_trouble import PASSING, Trouble

_CHART_URL = "https://query2.finance.yahoo.com/v8/finance/chart"
_QUOTE_URL = "https://query1.finance.yahoo.com/v7/finance/quote"
_HOSTS = ("fc.yahoo.com", "query1.finance.yahoo.com", "query2.finance.yahoo.com")
_MANY = 10
"""Of so many tickers one at least is known: else the answer is wrong, not the tickers."""

_MEND_INSTALL = 'pip install ".[prices]"'
_MEND_LATER = "nothing to do, it is asked again; `bot doctor` tells what does not answer"
_MISSHAPEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Json = dict[str, Any]


class YahooProvider:
    """Asks Yahoo through yfinance, in a child process that lives only while there is work.

    url: stands for all of Yahoo's hosts, where given.
    requests, seconds: at most so many requests in so long, those for cookie and crumb included.
    timeout: of one request.  deadline: a child that tells nothing for so long is killed.
    idle: after so long without a question it ends.
    breaker: leaves Yahoo in peace; its ``changes`` tell when it opened and closed.

    Raises ConfigError where yfinance is not installed.
    """

    name = SOURCE
    quotes_at_once = 100

    def __init__(
        self,
        clock: Clock,
        *,
        url: str | None = None,
        requests: int = 2,
        seconds: float = 1.0,
        timeout: timedelta = timedelta(seconds=15),
        deadline: timedelta = timedelta(minutes=2),
        idle: timedelta = timedelta(seconds=30),
        breaker: Breaker | None = None,
    ) -> None:
        if find_spec("yfinance") is None:
            raise _not_installed("it is not there")
        self._clock = clock
        self.breaker = breaker or Breaker(clock)
        self._settings = {
            "url": url.rstrip("/") if url else None,
            "requests": requests,
            "seconds": seconds,
            "timeout_s": timeout.total_seconds(),
        }
        self._where = url or "https://finance.yahoo.com"
        self._deadline_s = deadline.total_seconds()
        self._idle_s = idle.total_seconds()
        self._lock = Lock()
        self._child: Child | None = None
        self._asked_at = 0.0
        self._closed = False

    def daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        """Closed sessions; one request a ticker.

        Where Yahoo stops answering on the way, what came is given and the rest is ``unanswered``.
        """
        self.breaker.check(self._where)
        bars: dict[str, Bars] = {}
        actions: list[Action] = []
        refused: dict[str, str] = {}
        unanswered: dict[str, SourceUnavailable] = {}
        for ticker in tickers:
            try:
                self.breaker.check(self._where)
                bars[ticker], acted = self._chart(ticker, since, until)
                actions += acted
            except _Refused as error:
                refused[ticker] = str(error)
            except SourceUnavailable as error:
                unanswered[ticker] = error
        if unanswered and not bars:
            raise next(reversed(unanswered.values()))
        if len(refused) == len(tickers) >= _MANY:
            raise self._knows_none(len(tickers), next(iter(refused.values())))
        told = {ticker: error.what for ticker, error in unanswered.items()}
        return Daily(bars=bars, actions=actions, refused=refused, unanswered=told)

    def quotes(self, tickers: Sequence[str]) -> Mapping[str, Quote]:
        """Prices now, in one request; ValueError on more than ``quotes_at_once``."""
        if len(tickers) > self.quotes_at_once:
            raise ValueError(f"at most {self.quotes_at_once} tickers at once, got {len(tickers)}")
        if not tickers:
            return {}
        self.breaker.check(self._where)
        symbols = {_symbol(ticker): ticker for ticker in tickers}
        params = {"symbols": ",".join(symbols), "formatted": "false"}
        try:
            said = self._ask(_QUOTE_URL, params)
            found = read_quotes(symbols, said, self._clock())
        except (_Refused, *_MISSHAPEN) as error:
            raise self._unreadable(error) from error
        if not found and len(tickers) >= _MANY:
            raise self._knows_none(len(tickers), "no quote came")
        return found

    def close(self) -> None:
        """End the child, from any thread: who waits for an answer gets SourceUnavailable."""
        self._closed = True
        while not self._lock.acquire(timeout=0.05):
            if (child := self._child) is not None:
                child.kill()
        try:
            self._end_child()
        finally:
            self._lock.release()

    def _chart(self, ticker: str, since: date, until: date) -> tuple[Bars, list[Action]]:
        now = self._clock()
        if since > min(until, new_york_day(now)):
            return no_bars(ticker), []
        params: dict[str, str | int] = {
            "period1": int(start_of(since).timestamp()),
            "period2": int((now + timedelta(days=1)).timestamp()),
            "interval": "1d",
            "events": "div,splits",
            "includePrePost": "false",
        }
        try:
            said = self._ask(f"{_CHART_URL}/{quote(_symbol(ticker))}", params)
        except _NothingThere:
            return no_bars(ticker), []
        try:
            return read_chart(ticker, said, since=since, until=until, now=now)
        except NoPrices as error:
            raise _Refused(str(error)) from error
        except _MISSHAPEN as error:
            raise _Refused(f"{Trouble.UNREADABLE}: {type(error).__name__} {error}") from error

    def _ask(self, url: str, params: Mapping[str, str | int]) -> Json:
        """The answer of the child; the breaker learns of it."""
        with self._lock:
            heard = self._heard(url, params)
        trouble = Trouble(heard["trouble"]) if "trouble" in heard else None
        if trouble is None or trouble is Trouble.NO_DATA:
            self.breaker.succeeded()
        if trouble is None:
            said: Json = heard["said"]
            return said
        told, wait_s = f"{trouble} ({heard['detail']})", heard.get("wait_s")
        if trouble in PASSING:
            wait = timedelta(seconds=wait_s) if wait_s else None
            self.breaker.failed(told, at_once=trouble is Trouble.RATE, wait=wait)
            self.breaker.check(self._where)
            raise SourceUnavailable(told, where=self._where, mend=_MEND_LATER)
        if trouble is Trouble.MISSING:
            raise _not_installed(heard["detail"])
        if trouble is Trouble.CHANGED:
            raise self._unreadable(told)
        raise (_NothingThere if trouble is Trouble.NO_DATA else _Refused)(told)

    def _heard(self, url: str, params: Mapping[str, str | int]) -> Json:
        child = self._running()
        child.tell({"url": url, "params": params})
        try:
            heard = child.hear(self._deadline_s)
        except Late:
            self._end_child()
            told = f"nothing came in {self._deadline_s:g} s"
            return {"trouble": Trouble.LATE, "detail": told}
        self._asked_at = monotonic()
        if heard is None:
            last_words = child.last_words()
            self._end_child()
            if self._closed:
                raise self._ends()
            return {"trouble": Trouble.CUT, "detail": f"the child process ended: {last_words}"}
        return heard

    def _running(self) -> Child:
        if self._closed:
            raise self._ends()
        if self._child is None:
            self._child = Child("bot.sources.prices.yahoo_worker")
            self._child.tell(self._settings)
            self._look_again(self._idle_s)
        return self._child

    def _look_again(self, in_s: float) -> None:
        timer = Timer(in_s, self._end_if_idle)
        timer.daemon = True
        timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            left_s = self._asked_at + self._idle_s - monotonic()
            if left_s <= 0:
                self._end_child()
            elif self._child is not None:
                self._look_again(left_s)

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ends(self) -> SourceUnavailable:
        return SourceUnavailable("the bot ends", where=self._where, mend="nothing to do")

    def _unreadable(self, why: object) -> SourceUnreadable:
        return SourceUnreadable(
            f"{why}",
            where=self._where,
            mend="report it with the version of yfinance (`pip show yfinance`); an older or newer "
            f"one within the bounds of {_MEND_INSTALL} may do",
        )

    def _knows_none(self, count: int, why: str) -> SourceUnavailable:
        self.breaker.failed(f"Yahoo knows none of {count} tickers")
        return SourceUnavailable(
            f"Yahoo knows none of {count} tickers ({why}): that is no answer",
            where=self._where,
            mend=_MEND_LATER,
        )


class _Refused(Exception):
    """Yahoo does not know this ticker, or answered unreadably to this question alone."""


class _NothingThere(_Refused):
    """It knows the ticker, and has nothing of it in the span."""


def blocked(resolve: Callable[[str, int], Any] = socket.getaddrinfo) -> list[str]:
    """What keeps Yahoo's hosts from being found, a line each: filters of names block some of them,
    and then every ticker looks delisted."""
    found = []
    for host in _HOSTS:
        try:
            addresses = {str(entry[4][0]) for entry in resolve(host, 443)}
        except OSError as error:
            found.append(f"{host} is not found ({error})")
            continue
        if addresses and all(each in ("0.0.0.0", "127.0.0.1", "::", "::1") for each in addresses):
            found.append(f"{host} is led to {', '.join(sorted(addresses))}, by a filter of names")
    return found


def _symbol(ticker: str) -> str:
    """BRK.B and BRK/B are BRK-B there, too."""
    return ticker.strip().upper().replace(".", "-").replace("/", "-")


def _not_installed(why: str) -> ConfigError:
    return ConfigError(
        f"yfinance is needed and can not be imported: {why}",
        where="config.toml: [prices] provider",
        mend=f"{_MEND_INSTALL}, or choose another provider",
    )
