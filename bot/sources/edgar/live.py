"""New filings of insiders from the whole market: the poll of the feed, the index that checks it.

A poll walks back until it stands among filings it knows, then fetches what is new, oldest first:
however a run ends, what is known has no holes but those remembered as pending.  The feed is a
window and no log; what slid past it is found in the index of the day.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.clock import NEW_YORK, Clock
from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import LAST_START
from bot.sources.edgar.index import IndexEntry, read_index
from bot.sources.edgar.listing import (
    Fetched,
    FetchResult,
    Known,
    ListedFiling,
    PendingFiling,
    Source,
    fetch_all,
)
from bot.sources.edgar.names import FORM_4, filing_of, text_path
from bot.sources.edgar.walk import PAGE, FeedSource, Walk

_FINAL_FROM = time(6)  # New York, of the next day: an index may still grow in the night


class PollSource(FeedSource, Source, Protocol):
    """What a poll asks of the client."""


class IndexSource(Source, Protocol):
    """What the reconciler asks of the client."""

    def daily_index(self, day: date) -> bytes | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What a poll did.

    pages: asked for.  listed: filings of the wanted forms on them.  new: not known before.
    overlapped: the walk ended among known filings, or at the end of the feed.  If not, filings
    may have been missed, and the indexes of the last days must be read.
    newest_at: acceptance of the newest filing listed; lag: its age when EDGAR made the page.
    unread: entries that could not be read and were left out, and why; what they stood for is
    found in the index of the day.
    failed: filings that did not come in this poll, without those that are not there (yet).
    pending: what is still to be fetched, old and new, for the next poll; of those buried by this
    poll the reason must be told and the accession number be known from now on.
    failure: why the poll ended before all that is new was fetched; the next one finds the rest.
    """

    pages: int
    listed: int
    new: int
    fetched: int
    overlapped: bool
    newest_at: datetime | None
    lag: timedelta | None
    unread: tuple[str, ...]
    failed: tuple[PendingFiling, ...]
    pending: tuple[PendingFiling, ...]
    failure: BotError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileResult:
    """What the index of a day said against what is known.

    whole: it was there and every row was read.  missing: filings nobody had fetched.
    may_advance: the day is final, was read whole, and what was missing is fetched or pending.
    """

    day: date
    whole: bool = False
    listed: int = 0
    missing: int = 0
    fetched: int = 0
    may_advance: bool = False
    pending: tuple[PendingFiling, ...] = ()
    failure: BotError | None = None


def poll(
    client: PollSource,
    known: Known,
    fetched: Fetched,
    *,
    clock: Clock,
    pending: Collection[PendingFiling] = (),
    forms: Collection[str] = FORM_4,
    max_pages: int = LAST_START // PAGE + 1,
    reach: Mapping[str, int] = {},
    page: int = PAGE,
) -> PollResult:
    """One look at the feed: walk, fetch what is new, oldest first, then what is due again.

    known: of what ``fetched`` stored and of what was buried, not of what is pending.
    max_pages: how far to walk; on a first poll, with nothing known, this is the back reach, two
    pages or more.
    reach: the same for single lists, which are named by their form.
    Where a page does not come, nothing of its list is handed over, for filings fetched above a hole
    would hide it from the next poll; where no list comes whole, SourceUnavailable or
    SourceUnreadable is raised.
    """
    waiting = _unless_known(pending, known)
    walks: list[Walk] = []
    broken: list[BotError] = []
    for form in lists_of(forms):
        walk = Walk(client, form, known=_known_or_waiting(known, waiting), forms=forms, page=page)
        try:
            walk.run(reach.get(form, max_pages))
            walks.append(walk)
        except (SourceUnavailable, SourceUnreadable) as error:
            broken.append(error)
    if not walks:
        raise broken[0]
    new = _oldest_first(walks)
    now = clock()
    due = [item for item in waiting.values() if item.next_try_at <= now]
    done = fetch_all(client, [*new, *due], fetched, clock)
    return PollResult(
        pages=sum(walk.pages for walk in walks),
        listed=sum(walk.listed for walk in walks),
        new=len(new),
        fetched=len(done.fetched),
        overlapped=not broken and all(walk.overlapped for walk in walks),
        newest_at=max((walk.newest_at for walk in walks if walk.newest_at), default=None),
        lag=min((walk.lag for walk in walks if walk.lag is not None), default=None),
        unread=tuple(text for walk in walks for text in walk.unread),
        failed=tuple(item for item in done.pending if not item.absent),
        pending=_still_pending(waiting, done),
        failure=done.failure or next(iter(broken), None),
    )


def reconcile(
    client: IndexSource,
    day: date,
    known: Known,
    fetched: Fetched,
    *,
    clock: Clock,
    pending: Collection[PendingFiling] = (),
    forms: Collection[str] = FORM_4,
) -> ReconcileResult:
    """Fetch what the index of a day lists and nobody has; what is pending is left to the polls.

    A day without an index is not whole: it is too early, or the SEC was closed.
    Raises SourceUnavailable or SourceUnreadable when the index does not come or cannot be read.
    """
    body = client.daily_index(day)
    if body is None:
        return ReconcileResult(day=day)
    index = read_index(body, where=f"index of {day}", forms=forms)
    held = known(entry.accession_number for entry in index.entries)
    held |= {item.accession_number for item in pending}
    missing = [_listed(entry) for entry in index.entries if entry.accession_number not in held]
    done = fetch_all(client, missing, fetched, clock)
    return ReconcileResult(
        day=day,
        whole=index.complete,
        listed=len(index.entries),
        missing=len(missing),
        fetched=len(done.fetched),
        may_advance=index.complete and done.failure is None and _is_final(day, clock()),
        pending=done.pending,
        failure=done.failure,
    )


def lists_of(forms: Iterable[str]) -> list[str]:
    """The lists to walk: EDGAR's list of 4 holds 4/A too, by prefix."""
    return sorted({form.removesuffix("/A") for form in forms})


def _unless_known(pending: Iterable[PendingFiling], known: Known) -> dict[str, PendingFiling]:
    """What still waits: another way of finding it may have fetched it meanwhile."""
    waiting = {item.accession_number: item for item in pending if not item.buried}
    return {key: waiting[key] for key in waiting.keys() - known(waiting)}


def _known_or_waiting(known: Known, waiting: Mapping[str, PendingFiling]) -> Known:
    def known_or_waiting(accession_numbers: Iterable[str]) -> set[str]:
        asked = list(accession_numbers)
        return known(asked) | {key for key in asked if key in waiting}

    return known_or_waiting


def _oldest_first(walks: Iterable[Walk]) -> list[ListedFiling]:
    new = [filing for walk in walks for filing in reversed(walk.new())]
    return sorted(new, key=_accepted)


def _accepted(filing: ListedFiling) -> datetime:
    if filing.at is None:
        raise ValueError(f"{filing.accession_number} came from the feed without an instant")
    return filing.at


def _still_pending(
    waiting: Mapping[str, PendingFiling], done: FetchResult
) -> tuple[PendingFiling, ...]:
    after = {**waiting, **{item.accession_number: item for item in done.pending}}
    return tuple(item for key, item in after.items() if key not in done.fetched)


def _listed(entry: IndexEntry) -> ListedFiling:
    """By the folder of each party, and as the index names it."""
    folders = [text_path(*filing) for path in entry.paths if (filing := filing_of(path))]
    return ListedFiling(
        accession_number=entry.accession_number,
        form=entry.form,
        at=None,
        filed_on=entry.filed_on,
        urls=(folders[0], f"/Archives/{entry.path}", *folders[1:]),
    )


def _is_final(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day + timedelta(days=1), _FINAL_FROM, NEW_YORK)
