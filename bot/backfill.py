"""Brings the past of a company into the store: quiet, resumable, with a note of what it covers.

What was accepted after the bot's first start is no past: the poll may not have come to it yet, and
it alerts as if the poll had brought it, unless its issuer is not watched.

What comes is laid down beside the store, a file each, and kept at the end of the run in the order
of acceptance, together with the note: so the rules never judge a past with holes that only a run
under way has left.  A run that is killed leaves its files to the next one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from bot.calendar import start_of
from bot.clock import Clock, new_york_day
from bot.collect import Watch
from bot.errors import BotError, ConfigError
from bot.pipeline import EDGAR
from bot.sources.edgar.answers import is_whole_filing
from bot.sources.edgar.backfill import AskedForSilence, Break, Hosts, download_company
from bot.sources.edgar.container import Refused, contained_form
from bot.sources.edgar.names import ACCESSION_NUMBER
from bot.sources.edgar.pace import Stopped
from bot.store import NewDocument, Store
from bot.store.lock import only_one

DEADLINE = timedelta(hours=2)
"""How long the download of one company may take."""

_EVERYBODY = Watch()
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
    watch: Watch = _EVERYBODY,
    deadline: timedelta = DEADLINE,
    wish: Break | None = None,
) -> Backfilled:
    """Keep a company's ownership filings since a day, oldest acceptance first.

    watch: the issuers that the live bot collects; filings of others are quiet.
    wish: breaks the download off.
    What a broken run brought is kept too, so that the next one asks only for the rest.
    Raises as ``download_company`` does, Stopped while the SEC wants no request, whoever of this
    store it told so, and ConfigError while another back-fill of the store runs.
    """

    landing = Landing(landing_of(store))
    _heed_silence(store, hosts, clock)

    def went_on(came: int, wanted: int) -> None:
        _heed_silence(store, hosts, clock)
        progress(came, wanted)

    with only_one(landing.folder, worker="back-fill"):
        try:
            found = download_company(
                company,
                hosts,
                since=since,
                before=new_york_day(clock()) + _FILED_AHEAD,
                skip={*store.documents.keys(EDGAR), *landing.accession_numbers()},
                keep=landing.lay_down,
                deadline=deadline,
                progress=went_on,
                wish=wish or Break(),
            )
        except BotError as error:
            if isinstance(error, AskedForSilence):
                store.collection.keep_silence(EDGAR, clock() + error.wait)
            _keep(store, landing, clock, watch)
            landing.clear()
            raise
        with store.writing():
            new = _keep(store, landing, clock, watch)
            if not found.failed and found.cik is not None:
                store.collection.cover("insider_trade", found.cik, start_of(since))
        landing.clear()
    return Backfilled(
        company=company,
        cik=found.cik,
        listed=len(found.listed),
        new=len(new & set(found.listed)),
        failed=found.failed,
    )


def _heed_silence(store: Store, hosts: Hosts, clock: Clock) -> None:
    """Stopped while the SEC wants no request."""
    if until := store.collection.silent_until(EDGAR, clock()):
        raise Stopped(until=until, where=hosts.www_url)


class Landing:
    """Files beside the store, one a whole submission: there at once or not at all, so that a kill
    at any instant leaves nothing half."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lay_down(self, accession_number: str, body: bytes) -> None:
        """ConfigError where the disk does not take it."""
        if not ACCESSION_NUMBER.fullmatch(accession_number):
            raise ValueError(f"no accession number: {accession_number!r}")
        part = self.folder / f"{accession_number}.part"
        try:
            self.folder.mkdir(exist_ok=True)
            part.write_bytes(body)
            part.replace(self.folder / f"{accession_number}.txt")
        except OSError as error:
            what = f"{accession_number} can not be laid down: {error.strerror}"
            mend = "check [store] path in the configuration: folder, rights, free space"
            raise ConfigError(what, where=str(self.folder), mend=mend) from error

    def accession_numbers(self) -> set[str]:
        return {accession_number for accession_number, _ in self.filings()}

    def filings(self) -> Iterator[tuple[str, bytes]]:
        """Accession number and bytes of each; what a failing disk has cut is left out."""
        for file in sorted(self.folder.glob("*.txt")):
            if is_whole_filing(body := file.read_bytes()):
                yield file.stem, body

    def clear(self) -> None:
        if self.folder.is_dir():
            rmtree(self.folder)


def landing_of(store: Store) -> Path:
    """Where what comes is laid down; ValueError for a store in memory, which has no place."""
    if store.path is None:
        raise ValueError("a back-fill needs a store in a file")
    return store.path.with_name(f"{store.path.name}.backfill")


def _keep(store: Store, landing: Landing, clock: Clock, watch: Watch) -> set[str]:
    """Keep what has landed; the accession numbers of what was new."""
    live_since = store.collection.first_started_at()
    documents = []
    for accession, body in landing.filings():
        accepted = _accepted_at(body)
        past = live_since is None or accepted is None or accepted <= live_since
        quiet = past or not watch.wants(body, accession)
        document = NewDocument(
            source=EDGAR, key=accession, name=f"{accession}.txt", body=body, quiet=quiet
        )
        documents.append((accepted or _NEVER, accession, document))
    documents.sort(key=lambda each: each[:2])
    with store.writing():
        landed = {accession for _, accession, _ in documents}
        new = landed - store.documents.known(EDGAR, landed)
        store.documents.add([document for *_, document in documents], seen_at=clock())
    return new


def _accepted_at(body: bytes) -> datetime | None:
    try:
        return contained_form(body).accepted_at
    except Refused:
        return None
