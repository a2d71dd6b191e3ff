"""Brings the past of a company into the store: quiet, resumable, with a note of what it covers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.calendar import start_of
from bot.clock import Clock, new_york_day
from bot.pipeline import EDGAR
from bot.sources.edgar.backfill import Hosts, download_company, saved_filings
from bot.sources.edgar.container import Refused, contained_form
from bot.store import NewDocument, Store

_DEADLINE = timedelta(hours=2)


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
) -> Backfilled:
    """Keep a company's ownership filings since a day, oldest acceptance first.

    What a broken run saved is kept too, so that the next one asks only for the rest.
    """
    now = clock()
    with TemporaryDirectory(prefix="bot-backfill-") as folder:
        new = 0
        try:
            found = download_company(
                company,
                Path(folder),
                hosts,
                since=since,
                before=new_york_day(now) + timedelta(days=1),
                skip=store.documents.keys(EDGAR),
                deadline=_DEADLINE,
                progress=progress,
            )
        finally:
            new = _keep(store, Path(folder), clock)
    if not found.failed and found.cik is not None:
        store.collection.cover("insider_trade", found.cik, start_of(since))
    return Backfilled(
        company=company, cik=found.cik, listed=found.known, new=new, failed=found.failed
    )


def _keep(store: Store, folder: Path, clock: Clock) -> int:
    documents = []
    for accession, file in saved_filings(folder):
        body = file.read_bytes()
        document = NewDocument(
            source=EDGAR, key=accession, name=f"{accession}.txt", body=body, quiet=True
        )
        documents.append((_accepted(body), accession, document))
    documents.sort(key=lambda each: each[:2])
    return store.documents.add([document for *_, document in documents], seen_at=clock())


def _accepted(body: bytes) -> str:
    try:
        accepted = contained_form(body).accepted_at
    except Refused:
        return ""
    return accepted.isoformat() if accepted else ""
