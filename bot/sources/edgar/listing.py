"""What is known of a filing before it is read: listed, fetched, or still to be fetched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import NotThere
from bot.sources.edgar.pace import Stopped

BURIED_AFTER = timedelta(hours=24)
"""A filing that could not be fetched for so long is given up: it was withdrawn."""

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

    buried: given up, with the last reason; it is not asked for again, and counts as known.
    """

    listed: ListedFiling
    first_failed_at: datetime
    next_try_at: datetime
    tries: int
    reason: str
    buried: bool = False

    @property
    def accession_number(self) -> str:
        return self.listed.accession_number

    def failed_again(self, reason: str, now: datetime) -> "PendingFiling":
        """After another failure: later tries are further apart, and end after a day."""
        wait_s = _RETRY_AFTER_S[min(self.tries, len(_RETRY_AFTER_S) - 1)]
        return replace(
            self,
            tries=self.tries + 1,
            next_try_at=now + timedelta(seconds=wait_s),
            reason=reason,
            buried=now - self.first_failed_at >= BURIED_AFTER,
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


def first_failure(listed: ListedFiling, reason: str, now: datetime) -> PendingFiling:
    """A filing that was not there when it was first asked for."""
    return PendingFiling(
        listed=listed,
        first_failed_at=now,
        next_try_at=now + timedelta(seconds=_RETRY_AFTER_S[0]),
        tries=1,
        reason=reason,
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
    """From the first address that has it."""
    *others, last = listed.urls[:_ADDRESSES]
    for url in others:
        try:
            return FetchedFiling(listed=listed, url=url, body=source.filing_text(url))
        except NotThere:
            continue
    return FetchedFiling(listed=listed, url=last, body=source.filing_text(last))


def _remembered(
    item: ListedFiling | PendingFiling, error: BotError, now: datetime
) -> PendingFiling:
    if isinstance(item, PendingFiling):
        return item.failed_again(error.what, now)
    return first_failure(item, error.what, now)
