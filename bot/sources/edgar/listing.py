"""What is known of a filing before it is read: listed, fetched, or still to be fetched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import to_text
from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import AnotherFiling, NotThere
from bot.sources.edgar.container import stated_form
from bot.sources.edgar.pace import Stopped

BURIED_AFTER = timedelta(hours=24)
"""A filing that could not be fetched for so long, in eight tries or more, is given up."""

_RETRY_AFTER_S = (20, 40, 60, 120, 300, 600, 1800, 3600)
_FAILURES_IN_A_ROW = 3
_ADDRESSES = 3
_OF_ONE_FILING = (SourceUnavailable, SourceUnreadable)


class Source(Protocol):
    """What fetching asks of the client."""

    def filing_text(self, url_or_path: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFiling:
    """A filing named by the feed or an index.

    at: acceptance; None from an index, which knows the day only.
    urls: addresses of its full submission, best first; all serve the same bytes.
    """

    accession_number: str
    form: str
    at: datetime | None
    filed_on: date | None
    urls: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.urls:
            raise ValueError(f"{self.accession_number} is listed without an address")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFiling:
    """A filing's full submission, as served from ``url``."""

    listed: ListedFiling
    url: str
    body: bytes

    @property
    def accession_number(self) -> str:
        return self.listed.accession_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFiling:
    """A filing that could not be fetched yet.

    absent: EDGAR said at the last try that there is no such filing.
    buried: given up, with the last reason; it is not asked for again, and counts as known.  One
    that is absent was withdrawn, any other is missing.
    """

    listed: ListedFiling
    first_failed_at: datetime
    next_try_at: datetime
    tries: int
    reason: str
    absent: bool
    buried: bool = False

    @property
    def accession_number(self) -> str:
        return self.listed.accession_number

    def failed_again(self, error: BotError, now: datetime) -> "PendingFiling":
        """After another failure: later tries are further apart, up to an hour, and end at last."""
        wait_s = _RETRY_AFTER_S[min(self.tries, len(_RETRY_AFTER_S) - 1)]
        return replace(
            self,
            tries=self.tries + 1,
            next_try_at=now + timedelta(seconds=wait_s),
            reason=error.what,
            absent=_is_absent(error),
            buried=now - self.first_failed_at >= BURIED_AFTER
            and self.tries + 1 >= len(_RETRY_AFTER_S),
        )


Known = Callable[[Iterable[str]], set[str]]
"""Which of these accession numbers need no fetching: stored or buried."""

Fetched = Callable[[FetchedFiling], None]
"""Takes a filing the moment it is there, and has stored it when it returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """fetched: accession numbers handed over.  pending: what failed in this run, new and old.

    failure: why fetching ended early; the filings not reached are neither handed over nor pending.
    """

    fetched: tuple[str, ...]
    pending: tuple[PendingFiling, ...]
    failure: BotError | None


def first_failure(listed: ListedFiling, error: BotError, now: datetime) -> PendingFiling:
    """A filing that did not come when it was first asked for."""
    return PendingFiling(
        listed=listed,
        first_failed_at=now,
        next_try_at=now + timedelta(seconds=_RETRY_AFTER_S[0]),
        tries=1,
        reason=error.what,
        absent=_is_absent(error),
    )


def fetch_all(
    source: Source,
    wanted: Iterable[ListedFiling | PendingFiling],
    fetched: Fetched,
    now: Callable[[], datetime],
) -> FetchResult:
    """Fetch filings in this order and hand each over at once.

    One that fails is remembered and the next is tried; a stop by the SEC, a wrong configuration
    and several failures in a row that are no missing filings end the run.
    """
    done: list[str] = []
    pending: list[PendingFiling] = []
    failure: BotError | None = None
    in_a_row = 0
    for item in wanted:
        listed = item if isinstance(item, ListedFiling) else item.listed
        try:
            filing = _fetch(source, listed)
        except BotError as error:
            if isinstance(error, Stopped) or not isinstance(error, _OF_ONE_FILING):
                failure = error
                break
            pending.append(_remembered(item, error, now()))
            _tell(pending[-1])
            in_a_row = 0 if isinstance(error, NotThere) else in_a_row + 1
            if in_a_row == _FAILURES_IN_A_ROW:
                failure = error
                break
        else:
            fetched(filing)
            done.append(listed.accession_number)
            in_a_row = 0
    return FetchResult(fetched=tuple(done), pending=tuple(pending), failure=failure)


def _fetch(source: Source, listed: ListedFiling) -> FetchedFiling:
    """From the first address that has it; that another filing stood there is told first."""
    failures: list[NotThere] = []
    for url in listed.urls[:_ADDRESSES]:
        try:
            filing = FetchedFiling(listed=listed, url=url, body=source.filing_text(url))
            _refuse_other_form(filing)
            return filing
        except NotThere as error:
            failures.append(error)
    raise min(failures, key=_is_absent)


def _refuse_other_form(filing: FetchedFiling) -> None:
    """AnotherFiling where the header states a form that is neither the one listed nor its
    amendment."""
    stated, listed = stated_form(filing.body), filing.listed.form
    if stated is not None and stated.removesuffix("/A") != listed.removesuffix("/A"):
        raise AnotherFiling(
            f"EDGAR serves a form {stated} in place of a form {listed}",
            where=filing.url,
            mend="nothing to do, it is asked for again; else look at the address",
        )


def _remembered(
    item: ListedFiling | PendingFiling, error: BotError, now: datetime
) -> PendingFiling:
    if isinstance(item, PendingFiling):
        return item.failed_again(error, now)
    return first_failure(item, error, now)


def _tell(failed: PendingFiling) -> None:
    """That a fresh filing is not there yet is no news."""
    log: FilteringBoundLogger = structlog.get_logger()
    tell = log.info if failed.absent and not failed.buried else log.warning
    tell(
        "filing.given_up" if failed.buried else "filing.not_obtained",
        source="edgar",
        accession_number=failed.accession_number,
        reason=failed.reason,
        tries=failed.tries,
        next_try_at=None if failed.buried else to_text(failed.next_try_at),
    )


def _is_absent(error: BotError) -> bool:
    return isinstance(error, NotThere) and not isinstance(error, AnotherFiling)
