"""The door to Alpaca's Market Data API: keys, pace, what is worth another try, and plain errors.

Sources: docs.alpaca.markets, "Market Data FAQ" (401, 403, "subscription does not permit querying
recent SIP data"), "Historical bars" (pages); alpaca.markets/support, "usage limit of API calls"
(200 requests a minute, 429, X-RateLimit-Reset in seconds since 1970).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, from_ms, monotonic
from bot.clock import sleep as wait_for
from bot.errors import BotError, ConfigError, SourceUnavailable, SourceUnreadable
from bot.sources.connecting import NO_PROXY, certificates
from bot.sources.hangup import Hangup
from bot.sources.prices.breaker import Breaker
from bot.sources.prices.pace import Tokens

URL = "https://data.alpaca.markets"

Json = dict[str, Any]
Query = Mapping[str, str]

_REQUESTS, _WITHIN_S = 16, 5.0  # 192 of the 200 a minute of a free key, and no wait is long
_ATTEMPTS = 3
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT = timedelta(seconds=15)
_TOTAL = timedelta(seconds=60)
_LARGEST_BODY = 32 * 1024 * 1024  # a page of 10,000 bars is about 1.5 MB
_ASKED_AGAIN_AFTER = timedelta(hours=1)  # what refuses the keys may be a passing trouble
_WHERE = "the environment: ALPACA_KEY, ALPACA_SECRET"


class BadRequest(BotError):
    """Alpaca refuses the request itself; ``what`` is its message."""


class _Again(Exception):
    """This attempt failed; another may not.  until: when it is asked for again at the earliest."""

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


class AlpacaDoor:
    """Asks Alpaca with a key, at its pace.

    Raises ConfigError where there is no key or Alpaca refuses it, from then on for an hour without
    asking; SourceUnavailable where nothing came that another try may bring; SourceUnreadable where
    no JSON object came; BadRequest.  No error tells the keys.
    """

    def __init__(
        self,
        *,
        key: str | None,
        secret: str | None,
        clock: Clock,
        breaker: Breaker,
        url: str = URL,
        sleep: Callable[[float], None] = wait_for,
        seconds: Callable[[], float] = monotonic,
        timeout_s: float = 20,
    ) -> None:
        self._url, self._clock, self._sleep = url.rstrip("/"), clock, sleep
        self._breaker = breaker
        self._pace = Tokens(_REQUESTS, _WITHIN_S, clock=seconds, wait=sleep)
        self._refused: tuple[datetime, ConfigError] | None = None
        self._hangup = Hangup()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="alpaca")
        self._http = httpx.Client(
            headers={**_keys(key, secret), "Accept": "application/json"},
            timeout=httpx.Timeout(timeout_s),
            verify=certificates(),
            mounts=NO_PROXY,
        )

    def pages(self, path: str, query: Query) -> Iterator[Json]:
        """An answer, page by page."""
        token, seen = "", set[str]()
        while True:
            page = self.get(path, {**query, **({"page_token": token} if token else {})})
            yield page
            token = page.get("next_page_token") or ""
            if not token:
                return
            if not isinstance(token, str) or token in seen:
                raise SourceUnreadable(
                    "the pages of an answer come round in a circle",
                    where=self._url + path,
                    mend="look at the answer; the reader of pages may need mending",
                )
            seen.add(token)

    def get(self, path: str, query: Query) -> Json:
        """One answer, after as many attempts as are worth it."""
        deadline = self._clock() + _TOTAL
        attempt = 0
        while True:
            attempt += 1
            try:
                told = self._read(path, *self._ask(path, query, deadline))
            except _Again as failure:
                self._give_up_or_wait(failure, path, attempt, deadline)
            except SourceUnreadable as error:
                self._breaker.failed(error.what)
                raise
            else:
                self._breaker.succeeded()
                return told

    def close(self) -> None:
        """End what is under way; each request after it raises SourceUnavailable."""
        self._hangup.hang_up()
        self._http.close()

    def _ask(self, path: str, query: Query, deadline: datetime) -> tuple[httpx.Response, bytes]:
        self._wait(path)
        try:
            with self._http.stream(
                "GET",
                self._url + path,
                params=dict(query),
                extensions={"trace": self._hangup.heard},
            ) as response:
                return response, self._body(response, path, deadline)
        except (httpx.TransportError, httpx.DecodingError) as error:
            self._refuse_after_close(path)
            raise _Again(f"{type(error).__name__} {error}".strip()) from error
        except httpx.InvalidURL as error:
            raise ConfigError(
                f"this is no address: {error}", where=self._url, mend="mend [prices] url"
            ) from error

    def _body(self, response: httpx.Response, path: str, deadline: datetime) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > _LARGEST_BODY:
                raise SourceUnreadable(
                    f"the answer is larger than {_LARGEST_BODY} bytes",
                    where=self._url + path,
                    mend="see whether [prices] url is Alpaca's",
                )
            if self._clock() > deadline:
                raise _Again(f"the body came too slowly, {len(body)} bytes so far")
        return bytes(body)

    def _read(self, path: str, response: httpx.Response, body: bytes) -> Json:
        status = response.status_code
        if status in (401, 403):
            raise self._not_allowed(path, status, _message(body))
        if status == 429:
            raise _Again("429, too many requests", self._end_of_limit(response.headers))
        if status >= 500 or status == 408:
            raise _Again(f"HTTP {status}")
        if status in (400, 422):
            raise BadRequest(_message(body), where=self._url + path, mend="mend the request")
        if status != 200:
            raise self._unreadable(path, f"HTTP {status}: {_message(body)}")
        if not body.strip():
            raise _Again("200, but the body is empty")
        try:
            told = json.loads(body)
        except ValueError as error:
            raise _Again(f"no JSON, it begins {body[:40]!r}") from error
        if not isinstance(told, dict):
            raise self._unreadable(path, f"no JSON object, it begins {body[:40]!r}")
        return told

    def _unreadable(self, path: str, reason: str) -> SourceUnreadable:
        return SourceUnreadable(
            f"something else came in place of prices: {reason}",
            where=self._url + path,
            mend="see whether [prices] url is Alpaca's and answers in a browser",
        )

    def _not_allowed(self, path: str, status: int, message: str) -> BotError:
        if "subscription" in message.lower():
            return SourceUnavailable(
                f"Alpaca's free plan does not give prices this young ({status}: {message})",
                where=self._url + path,
                mend="set the clock of this machine right: only prices are asked for that are 16 "
                "minutes old by it",
            )
        error = ConfigError(
            f"Alpaca refuses the keys ({status}: {message})",
            where=_WHERE,
            mend="take both anew from the dashboard of alpaca.markets, set them and start again",
        )
        self._refused = self._clock() + _ASKED_AGAIN_AFTER, error
        self._log.error("alpaca.keys_refused", path=path, status=status)
        return error

    def _end_of_limit(self, headers: httpx.Headers) -> datetime | None:
        """When the limit that has been met ends, if the answer tells."""
        reset = headers.get("x-ratelimit-reset", "")
        if reset.isascii() and reset.isdigit() and len(reset) <= 10:
            return from_ms(int(reset) * 1000)
        seconds = headers.get("retry-after", "")
        if seconds.isascii() and seconds.isdigit() and len(seconds) <= 5:
            return self._clock() + timedelta(seconds=int(seconds))
        return None

    def _give_up_or_wait(
        self, failure: _Again, path: str, attempt: int, deadline: datetime
    ) -> None:
        now = self._clock()
        wait = timedelta(seconds=_FIRST_WAIT_S * 2.0 ** (attempt - 1))
        if failure.until is not None:
            wait = max(wait, failure.until - now)
        if attempt < _ATTEMPTS and wait <= _LONGEST_WAIT and now + wait <= deadline:
            self._log.info("alpaca.retried", path=path, reason=failure.reason, attempt=attempt)
            self._sleep(wait.total_seconds())
            return
        self._breaker.failed(failure.reason, at_once=failure.until is not None, wait=wait)
        self._log.warning("alpaca.unavailable", path=path, reason=failure.reason, attempts=attempt)
        raise SourceUnavailable(
            f"no answer after {attempt} attempt(s): {failure.reason}",
            where=self._url + path,
            mend="nothing to do, it is asked for again",
        ) from failure

    def _wait(self, path: str) -> None:
        """Return when a request may start."""
        if self._refused and self._clock() < self._refused[0]:
            raise self._refused[1]
        self._breaker.check(self._url + path)
        self._pace.take()
        self._refuse_after_close(path)

    def _refuse_after_close(self, path: str) -> None:
        if self._hangup.done:
            raise SourceUnavailable(
                "the bot ends",
                where=self._url + path,
                mend="nothing to do, it goes on when it starts",
            )


def _keys(key: str | None, secret: str | None) -> dict[str, str]:
    """The headers that say who asks."""
    headers = {"APCA-API-KEY-ID": key or "", "APCA-API-SECRET-KEY": secret or ""}
    if not all(text and text.isascii() and text.isprintable() for text in headers.values()):
        raise ConfigError(
            "Alpaca wants a key and its secret, and one of them is missing or no such text",
            where=_WHERE,
            mend="set both (free: alpaca.markets, dashboard, API keys), or choose another [prices] "
            "provider",
        )
    return headers


def _message(body: bytes) -> str:
    """What an answer says of itself, on one short line."""
    try:
        told = json.loads(body)
        text = str(told["message"]) if isinstance(told, dict) and "message" in told else ""
    except ValueError:
        text = ""
    return " ".join((text or body[:100].decode("utf-8", "replace")).split())[:200]
