"""Brings the past of a company into the store: quiet, resumable, with a note of what it covers.

What was accepted after the bot's first start is no past: the poll may not have come to it yet, and
it alerts as if the poll had brought it, unless the company is not watched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.calendar import start_of
from bot.clock import Clock, new_york_day
from bot.pipeline import EDGAR
from bot.sources.edgar.backfill import Hosts, download_company, saved_filings
from bot.sources.edgar.container import Refused, contained_form
from bot.store import NewDocument, Store

DEADLINE = timedelta(hours=2)
"""How long the download of one company may take."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_FILED_AHEAD = timedelta(days=7)  # what comes in the evening is filed on the next business day


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What came of a back-fill.

    listed: ownership filings of the company in the time asked for.  new: kept now.
    failed: accession number and reason of those that did not come; then nothing is covered.
    """

    company: str
    cik: str | None
    listed: int
    new: int
    failed: dict[str, str]


def backfill(
    store: Store,
    company: str,
    hosts: Hosts,
    *,
    since: date,
    clock: Clock,
    progress: Callable[[int, int], None],
    watched: bool = True,
    deadline: timedelta = DEADLINE,
) -> Backfilled:
    """Keep a company's ownership filings since a day, oldest acceptance first.

    watched: whether the live bot collects this company.
    What a broken run saved is kept too, so that the next one asks only for the rest.
    """
    now, live_since = clock(), store.collection.first_started_at() if watched else None
    with TemporaryDirectory(prefix="bot-backfill-") as folder:
        new = 0
        try:
            found = download_company(
                company,
                Path(folder),
                hosts,
                since=since,
                before=new_york_day(now) + _FILED_AHEAD,
                skip=store.documents.keys(EDGAR),
                deadline=deadline,
                progress=progress,
            )
        finally:
            new = _keep(store, Path(folder), clock, live_since)
    if not found.failed and found.cik is not None:
        store.collection.cover("insider_trade", found.cik, start_of(since))
    return Backfilled(
        company=company, cik=found.cik, listed=found.known, new=new, failed=found.failed
    )


def _keep(store: Store, folder: Path, clock: Clock, live_since: datetime | None) -> int:
    documents = []
    for accession, file in saved_filings(folder):
        body = file.read_bytes()
        accepted = _accepted_at(body)
        quiet = live_since is None or accepted is None or accepted <= live_since
        document = NewDocument(
            source=EDGAR, key=accession, name=f"{accession}.txt", body=body, quiet=quiet
        )
        documents.append((accepted or _NEVER, accession, document))
    documents.sort(key=lambda each: each[:2])
    return store.documents.add([document for *_, document in documents], seen_at=clock())


def _accepted_at(body: bytes) -> datetime | None:
    try:
        return contained_form(body).accepted_at
    except Refused:
        return None
