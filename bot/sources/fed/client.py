"""The door to the Federal Reserve: every request the bot makes to the Board, its banks and those
who publish calendars beside it starts here.

It says who asks, keeps a gentle pace, tries again what is worth it, and gives only bytes that came
whole and are what was asked for.  Nothing reliable is known of validators there (ETag,
Last-Modified), so whoever asks compares contents.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from urllib.parse import urlsplit

import httpx
import structlog
from structlog.typing import FilteringBoundLogger

from bot import __version__
from bot.clock import Clock
from bot.clock import sleep as wait_for
from bot.errors import BotError, ConfigError, SourceUnavailable, SourceUnreadable
from bot.sources.connecting import NO_PROXY, certificates
from bot.sources.edgar.answers import retry_after
from bot.sources.edgar.client import Ended
from bot.sources.fed.answers import Due, why_cut, why_foreign
from bot.sources.fed.items import BASE
from bot.sources.hangup import Hangup
from bot.sources.prices.pace import Tokens

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of one answer, unpacked; the archive of press releases is about 1 MB, minutes 130 KB."""

_PER_SECOND = 4
_ATTEMPTS = 3
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 10.0
_TOTAL = timedelta(seconds=40)


class NotThere(SourceUnavailable):
    """There is no such page: not yet, or never."""


class _Again(Exception):
    """This attempt failed; another may not.  wait: how long the answer asks to wait."""

    def __init__(self, reason: str, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


class FedClient:
    """Asks the Federal Reserve.

    contact: who asks, told in the User-Agent; optional.
    clock, sleep, jitter: the time, how to wait, and a number in [0, 1) that spreads retries.
    pace: called before each request, returns when it may start; by default four a second.

    Methods raise SourceUnavailable when nothing whole came (NotThere is one of its kind),
    SourceUnreadable when the request itself is refused, and Ended after ``hang_up``.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        contact: str | None = None,
        url: str = BASE,
        sleep: Callable[[float], None] = wait_for,
        jitter: Callable[[], float] = random.random,
        pace: Callable[[], object] | None = None,
        timeout_s: float = 15,
        total: timedelta = _TOTAL,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self.url = url.rstrip("/")
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._total, self._largest = total, largest_body
        self._pace = pace or Tokens(_PER_SECOND, 1.0, wait=sleep).take
        self._silent_until: dict[str, datetime] = {}
        self._hangup = Hangup()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="fed")
        self._http = httpx.Client(
            headers={
                "User-Agent": _user_agent(contact),
                "Accept-Encoding": "gzip, deflate",
                "Accept": "*/*",
            },
            timeout=httpx.Timeout(timeout_s),
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
            verify=certificates(),
            mounts=NO_PROXY,
            follow_redirects=True,
            max_redirects=3,
        )

    def feed(self, name: str) -> bytes:
        """A feed of the Board by its name: ``press_all``."""
        return self.fetch(f"{self.url}/feeds/{name}.xml", Due.FEED)

    def list_of_links(self, address: str) -> bytes:
        """A list of a regional bank: RSS, or a web page."""
        return self.fetch(address, Due.LIST)

    def archive(self, name: str) -> bytes:
        """The whole list behind a kind of news: ``ne-press``, ``ne-speeches``, ``ne-testimony``."""
        return self.fetch(f"{self.url}/json/{name}.json", Due.JSON)

    def calendar(self) -> bytes:
        """The calendar of the coming weeks, JSON."""
        return self.fetch(f"{self.url}/json/calendar.json", Due.JSON)

    def meetings(self) -> bytes:
        """The page with the dates of meetings, past and planned."""
        return self.fetch(f"{self.url}/monetarypolicy/fomccalendars.htm", Due.PAGE)

    def release(self, link: str, *, patient: bool = True) -> bytes:
        """The page of a release; of an address of the Board the path is used under ``url``.

        patient: whether a failure is tried again; a page that is due any second is not.
        """
        url = self.address(link)
        due = Due.RELEASE if url.startswith(f"{self.url}/") else Due.PAGE
        return self.fetch(url, due, attempts=_ATTEMPTS if patient else 1)

    def address(self, link: str) -> str:
        """Where a link is asked for: one of the Board's, or a path alone, under ``url``."""
        parts = urlsplit(link)
        board = (parts.hostname or "").endswith("federalreserve.gov")
        return self.url + parts.path if board or not parts.netloc else link

    def fetch(self, url: str, due: Due, *, attempts: int = _ATTEMPTS) -> bytes:
        """Any address: the body, after as many attempts as are worth it within the total time."""
        deadline, attempt = self._clock() + self._total, 0
        while True:
            attempt += 1
            try:
                return self._once(url, due, deadline)
            except _Again as failure:
                self._give_up_or_wait(failure, url, attempt, attempts, deadline)

    def hang_up(self) -> None:
        """End what is under way and ask nothing more, from any thread: each request is Ended."""
        self._hangup.hang_up()

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> "FedClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _once(self, url: str, due: Due, deadline: datetime) -> bytes:
        self._refuse_while_silent(url)
        self._pace()
        self._refuse_after_hangup(url)
        try:
            with self._http.stream(
                "GET", url, extensions={"trace": self._hangup.heard}
            ) as response:
                body = self._body(response, url, deadline)
        except (httpx.TransportError, httpx.DecodingError) as error:
            self._refuse_after_hangup(url)
            raise _Again(f"{type(error).__name__} {error}".strip()) from error
        except httpx.TooManyRedirects as error:
            raise _unavailable("redirected in a circle", url) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ConfigError(
                f"this is no address: {error}", where=url, mend="mend [fed] url or regional"
            ) from error
        return self._read(response, body, url, due)

    def _read(self, response: httpx.Response, body: bytes, url: str, due: Due) -> bytes:
        """The body, where it is what was due."""
        status = response.status_code
        if status in (404, 410):
            raise NotThere(
                f"{due} is not there ({status})", where=url, mend="nothing to do, or the address"
            )
        if status in (408, 429) or status >= 500:
            raise _Again(
                str(status), retry_after(response.headers.get("retry-after"), self._clock())
            )
        if status == 403:
            what, mend = "the host refuses the bot (403)", "set [edgar] contact, which it tells too"
            raise SourceUnavailable(what, where=url, mend=mend)
        if status != 200:
            mend = "look at the address; the request needs mending"
            raise SourceUnreadable(f"the host refused the request ({status})", where=url, mend=mend)
        if _host(str(response.url)) != _host(url):
            raise _unavailable(f"redirected to another host: {response.url.host}", url)
        if reason := why_foreign(body, due) if body.strip() else None:
            raise _unavailable(f"something else stands where {due} was due: {reason}", url)
        if reason := why_cut(body, due):
            raise _Again(f"200, but {reason}")
        return body

    def _body(self, response: httpx.Response, url: str, deadline: datetime) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self._largest:
                mend = "look at the address in a browser"
                what = f"the answer is larger than {self._largest} bytes"
                raise SourceUnreadable(what, where=url, mend=mend)
            if self._clock() > deadline:
                raise _Again(f"the body came too slowly, {len(body)} bytes so far")
        return bytes(body)

    def _give_up_or_wait(
        self, failure: _Again, url: str, attempt: int, attempts: int, deadline: datetime
    ) -> None:
        now = self._clock()
        backoff_s = _FIRST_WAIT_S * 2.0 ** (attempt - 1) * (0.5 + self._jitter())
        wait_s = max(backoff_s, failure.wait.total_seconds() if failure.wait else 0.0)
        if failure.wait is not None:
            self._silent_until[_host(url)] = now + failure.wait
        late = now + timedelta(seconds=wait_s) > deadline
        if attempt >= attempts or wait_s > _LONGEST_WAIT_S or late:
            raise _unavailable(
                f"no answer after {attempt} attempt(s): {failure.reason}", url
            ) from failure
        self._log.info("fed.retried", url=url, reason=failure.reason, attempt=attempt)
        self._sleep(wait_s)

    def _refuse_while_silent(self, url: str) -> None:
        until = self._silent_until.get(_host(url))
        if until is not None and self._clock() < until:
            raise _unavailable(f"the host asked for silence until {until:%H:%M:%S} UTC", url)

    def _refuse_after_hangup(self, url: str) -> None:
        if self._hangup.done:
            raise Ended("the bot ends", where=url, mend="nothing to do, it goes on when it starts")


def _user_agent(contact: str | None) -> str:
    """What the bot is, and who runs it where that is told."""
    text = (contact or "").strip()
    runs = f"; {text}" if text.isascii() and text.isprintable() and text else ""
    return f"bot/{__version__} (alerts on public releases{runs})"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _unavailable(what: str, url: str) -> BotError:
    return SourceUnavailable(
        what, where=url, mend="nothing to do, it is asked for again; else look at the address"
    )
