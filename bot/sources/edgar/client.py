"""The door to EDGAR: every request the bot makes to the SEC, except the back-fill's, starts here.

It declares who asks, keeps the pace, tries again what is worth it, and gives only bytes that came
whole and are what was asked for.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx
import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock
from bot.clock import sleep as wait_for
from bot.errors import BotError, ConfigError, SourceUnavailable, SourceUnreadable
from bot.sources.connecting import NO_PROXY, certificates
from bot.sources.edgar.answers import BLOCK, Answer, Due, Meaning, read_answer, silence_of
from bot.sources.edgar.companyfacts import why_no_facts
from bot.sources.edgar.contact import user_agent
from bot.sources.edgar.container import stated_accession
from bot.sources.edgar.names import OWNERSHIP_FORMS
from bot.sources.edgar.pace import Pace, Silence, Turns
from bot.sources.hangup import Hangup

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of one answer, unpacked; a full quarterly index is about 50 MB."""

LAST_START = 5000
"""EDGAR lists no further back; a later start is answered by an error page."""

_ATTEMPTS = 4
_OF_CUT = 2  # a filing served empty or cut is asked for again later, beside the others
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 20.0
_TOTAL = timedelta(seconds=90)
_REDIRECTS = 3


class NotThere(SourceUnavailable):
    """EDGAR has no such document: not yet, or never (a withdrawn filing, a holiday's index)."""


class AnotherFiling(NotThere):
    """At the address of a filing EDGAR serves another one."""


class AnotherDocument(SourceUnavailable):
    """EDGAR answers, but not with what stands at that address: a matter of one document."""


class Ended(BotError):
    """The bot ends: nothing more is asked.  It says nothing about EDGAR."""


class _Again(Exception):
    """This attempt failed; another may not, up to so many."""

    def __init__(
        self, reason: str, wait: timedelta | None = None, attempts: int = _ATTEMPTS
    ) -> None:
        super().__init__(reason)
        self.reason, self.wait, self.attempts = reason, wait, attempts


class EdgarClient:
    """Asks EDGAR.

    contact: who asks, "Jane Doe jane@example.org"; ConfigError without an address in it.
    clock, sleep, jitter: the time, how to wait, and a number in [0, 1) that spreads retries.
    turns: shared with other processes, such as a back-fill's.
    silence: where a stop that the SEC asked for is kept; by default in this process only.
    total: the longest one answer may take; a body that only drips is cut off then.

    Methods raise SourceUnavailable when nothing whole came (NotThere and Stopped are two of its
    kind), SourceUnreadable when the request itself is refused, and ConfigError when the SEC says
    that the bot does not declare itself: from then on without asking, for only another contact and
    a new start help.  After ``hang_up`` they raise Ended.
    """

    def __init__(
        self,
        *,
        contact: str | None,
        clock: Clock,
        www_url: str = "https://www.sec.gov",
        data_url: str = "https://data.sec.gov",
        sleep: Callable[[float], None] = wait_for,
        jitter: Callable[[], float] = random.random,
        requests_per_second: float = 8,
        turns: Turns | None = None,
        silence: Silence | None = None,
        timeout_s: float = 20,
        total: timedelta = _TOTAL,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        agent = user_agent(contact)
        self._www, self._data = www_url.rstrip("/"), data_url.rstrip("/")
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._total, self._largest = total, largest_body
        self.pace = Pace(
            requests_per_second=requests_per_second,
            clock=clock,
            sleep=sleep,
            turns=turns,
            silence=silence,
        )
        self._undeclared: ConfigError | None = None
        self._hangup = Hangup()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="edgar")
        self._http = httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"},
            timeout=httpx.Timeout(timeout_s),
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
            verify=certificates(),
            mounts=NO_PROXY,
        )

    def feed(self, start: int, count: int = 100, form: str = "4") -> bytes:
        """A page of the latest filings whose form begins with this text; of ownership forms no
        others with that beginning.

        start: entries to leave out, at most LAST_START.
        """
        if not 0 <= start <= LAST_START:
            raise ValueError(f"start must be in 0 to {LAST_START}, got {start}")
        owner = "only" if form in OWNERSHIP_FORMS else "include"
        query = f"type={form}&owner={owner}&count={count}&start={start}&output=atom"
        return self._get(f"{self._www}/cgi-bin/browse-edgar?action=getcurrent&{query}", Due.FEED)

    def filing_text(self, url_or_path: str) -> bytes:
        """A full submission; of its address only the path is used, under the configured host.

        Raises AnotherFiling where its header does not state the accession number of the address.
        """
        path = urlsplit(url_or_path).path
        at = path.find("/Archives/edgar/data/")
        if at < 0 or not path.endswith(".txt") or ".." in path:
            raise SourceUnreadable(
                "this is no address of a full submission",
                where=url_or_path,
                mend="look at the list of filings it came from",
            )
        body = self._get(self._www + path[at:], Due.FILING)
        asked, stated = path.rsplit("/", 1)[1].removesuffix(".txt"), stated_accession(body)
        if stated != asked:
            served = f"another filing in its place, {stated}" if stated else "a text without number"
            raise AnotherFiling(
                f"EDGAR serves {served}",
                where=url_or_path,
                mend="nothing to do, it is asked for again; else look at the address",
            )
        return body

    def daily_index(self, day: date) -> bytes | None:
        """The filings of a day by form; None while it is not there: too early, or no such day."""
        folder = f"daily-index/{day.year}/QTR{_quarter(day)}"
        return self._index(f"{folder}/form.{day:%Y%m%d}.idx")

    def full_index(self, year: int, quarter: int) -> bytes | None:
        """The filings of a quarter by form, rewritten weekly; None where there is none."""
        return self._index(f"full-index/{year}/QTR{quarter}/form.idx")

    def submissions(self, cik: str) -> bytes:
        """The latest filings of a company or person, JSON; runs minutes behind the feed."""
        return self._get(f"{self._data}/submissions/CIK{int(cik):010d}.json", Due.JSON)

    def company_facts(self, cik: str) -> bytes | None:
        """The XBRL facts of a company's reports, JSON; None where it has filed none.

        Raises AnotherDocument where another body comes in their place.
        """
        url = f"{self._data}/api/xbrl/companyfacts/CIK{int(cik):010d}.json"
        try:
            body = self._get(url, Due.JSON)
        except NotThere:
            return None
        if reason := why_no_facts(body, cik):
            raise AnotherDocument(
                f"EDGAR serves something else in place of a company's facts: {reason}",
                where=url,
                mend="nothing to do, it is asked for again; else look at the address",
            )
        return body

    def company_tickers(self) -> bytes:
        """The SEC's map of CIKs and ticker symbols, JSON."""
        return self._get(f"{self._www}/files/company_tickers.json", Due.JSON)

    def hang_up(self) -> None:
        """End what is under way and ask nothing more, from any thread: each request is Ended."""
        self._hangup.hang_up()

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> "EdgarClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _index(self, path: str) -> bytes | None:
        try:
            return self._get(f"{self._www}/Archives/edgar/{path}", Due.INDEX)
        except NotThere:
            return None

    def _get(self, url: str, due: Due) -> bytes:
        """The body, after as many attempts as are worth it within the total time."""
        deadline = self._clock() + self._total
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._follow(url, due, deadline)
            except _Again as failure:
                wait_s = self._next_wait_s(failure, attempt)
                self._give_up_or_wait(failure, url, wait_s, attempt, deadline)

    def _next_wait_s(self, failure: _Again, attempt: int) -> float:
        backoff_s = _FIRST_WAIT_S * 2.0 ** (attempt - 1) * (0.5 + self._jitter())
        asked_s = failure.wait.total_seconds() if failure.wait else 0.0
        return max(backoff_s, asked_s)

    def _give_up_or_wait(
        self, failure: _Again, url: str, wait_s: float, attempt: int, deadline: datetime
    ) -> None:
        now = self._clock()
        path = _shown(url)
        if failure.wait and failure.wait.total_seconds() > _LONGEST_WAIT_S:
            self.pace.stop_until(now + failure.wait, f"EDGAR asked to wait ({failure.reason})")
            self._log.warning("edgar.throttled", path=path, answer=failure.reason, wait_s=wait_s)
            raise self.pace.stopped(url) from failure
        if attempt >= failure.attempts or now + timedelta(seconds=wait_s) > deadline:
            self._log.warning(
                "edgar.unavailable", path=path, reason=failure.reason, attempts=attempt
            )
            raise SourceUnavailable(
                f"no answer after {attempt} attempt(s): {failure.reason}",
                where=url,
                mend="nothing to do, it is tried again; if this lasts, see whether "
                f"{urlsplit(url).netloc} answers and is the host that [edgar] should name",
            ) from failure
        self._log.info(
            "edgar.retried", path=path, reason=failure.reason, attempt=attempt, wait_s=wait_s
        )
        self._sleep(wait_s)

    def _follow(self, url: str, due: Due, deadline: datetime) -> bytes:
        """One attempt; redirects are followed on the same host only."""
        asked = url
        for _ in range(_REDIRECTS + 1):
            status, headers, body = self._ask(url, deadline)
            answer = read_answer(status, headers, body, due=due, now=self._clock())
            if answer.meaning is Meaning.OK:
                return body
            if answer.meaning is not Meaning.REDIRECTED:
                raise self._failure(answer, url, due)
            url = _redirected(url, headers.get("location", ""))
        raise SourceUnavailable(
            "redirected in a circle", where=asked, mend="look at the address in a browser"
        )

    def _ask(self, url: str, deadline: datetime) -> tuple[int, httpx.Headers, bytes]:
        if self._undeclared is not None:
            raise self._undeclared
        self.pace.wait(url)
        self._refuse_after_hangup(url)
        try:
            with self._http.stream("GET", url, extensions={"trace": self._trace}) as response:
                body = self._body(response, url, deadline)
                return response.status_code, response.headers, body
        except (httpx.TransportError, httpx.DecodingError) as error:
            self._refuse_after_hangup(url)
            raise _Again(f"{type(error).__name__} {error}".strip()) from error
        except httpx.InvalidURL as error:
            raise ConfigError(
                f"this is no address: {error}", where=url, mend="mend [edgar] www_url or data_url"
            ) from error

    def _refuse_after_hangup(self, url: str) -> None:
        if self._hangup.done:
            raise Ended("the bot ends", where=url, mend="nothing to do, it goes on when it starts")

    def _trace(self, event: str, info: object) -> None:
        """Told by httpx; a connection that took long to open is open by now."""
        self._hangup.heard(event, info)
        if event.endswith("send_request_headers.complete"):
            self.pace.sent()

    def _body(self, response: httpx.Response, url: str, deadline: datetime) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._largest:
                raise SourceUnreadable(
                    f"the answer is larger than {self._largest} bytes",
                    where=url,
                    mend="look at the address in a browser",
                )
            if self._clock() > deadline:
                raise _Again(f"the body came too slowly, {size} bytes so far")
        return b"".join(parts)

    def _failure(self, answer: Answer, url: str, due: Due) -> Exception:
        match answer.meaning:
            case Meaning.ABSENT:
                return NotThere(
                    f"{due} is not there ({answer.detail})",
                    where=url,
                    mend="nothing to do, it is asked for again",
                )
            case Meaning.OVERLOADED:
                attempts = _ATTEMPTS if answer.status != 200 or due is not Due.FILING else _OF_CUT
                return _Again(answer.detail or "an empty answer", answer.wait, attempts)
            case Meaning.THROTTLED:
                return self._throttled(answer, url)
            case Meaning.UNDECLARED:
                return self._not_declared(answer, url)
            case Meaning.FOREIGN:
                return AnotherDocument(
                    f"something else stands where {due} was due ({answer.detail})",
                    where=url,
                    mend="nothing to do, it is asked for again; else look at the address",
                )
            case _:
                return SourceUnreadable(
                    f"EDGAR refused the request ({answer.detail})",
                    where=url,
                    mend="look at the address; the request needs mending",
                )

    def _throttled(self, answer: Answer, url: str) -> BotError:
        now = self._clock()
        until = now + (silence_of(answer) or BLOCK)
        self.pace.stop_until(until, f"EDGAR blocks by rate ({answer.detail})")
        self._log.error(
            "edgar.throttled", path=_shown(url), answer=answer.detail, until=until.isoformat()
        )
        return self.pace.stopped(url)

    def _not_declared(self, answer: Answer, url: str) -> ConfigError:
        self._log.error("edgar.blocked", path=_shown(url), answer=answer.detail)
        self._undeclared = ConfigError(
            f"the SEC takes the bot for an undeclared automated tool ({answer.detail})",
            where="config.toml: [edgar] contact",
            mend="name yourself and an address that is read: contact = "
            '"Jane Doe jane@example.org", then start again; nothing is asked until then',
        )
        return self._undeclared


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _redirected(url: str, location: str) -> str:
    target = urljoin(url, location) if location else ""
    here, there = urlsplit(url), urlsplit(target)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise SourceUnavailable(
            f"redirected to another host, which is not asked: {target or 'nowhere'}",
            where=url,
            mend="look at the address in a browser; mend [edgar] www_url if the SEC moved",
        )
    return target
