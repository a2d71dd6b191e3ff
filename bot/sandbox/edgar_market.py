"""What the sandbox EDGAR has published at a market time: its feed, its archive, its indexes.

Everything is put in order once, so that an answer is a look-up: a page of the feed of a busy day is
cut from a list of entries that are written already.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Lock
from zlib import crc32

from bot.calendar import SEC
from bot.clock import NEW_YORK, new_york_day, to_ms
from bot.insider.tickers import plain_ticker
from bot.sandbox.edgar_feed import entry
from bot.sandbox.edgar_publication import (
    ISSUER,
    Party,
    Publication,
    publications_in,
    published,
)
from bot.sandbox.filings import SyntheticFiling
from bot.sandbox.notices import SyntheticNotice

INDEX_OUT = time(22, 30)
"""New York, of its own day: when the index of a day can be had."""

_MOST_STREAMS = 200  # texts to filter by come from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How long after acceptance a filing shows.

    feed: its entries in the list of latest filings.
    text: its folder in the archive, counted from its entries.
    submissions: its row in the JSON of its parties.
    stray, stray_every: one filing in so many is listed later by ``stray``: out of order.
    """

    feed: timedelta = timedelta()
    text: timedelta = timedelta()
    submissions: timedelta = timedelta()
    stray: timedelta = timedelta(seconds=98)
    stray_every: int | None = None


RECORDED = Delays(feed=timedelta(seconds=35), submissions=timedelta(minutes=3), stray_every=2500)
"""As in the recordings: the newest entry is 24 to 71 s old, and one of 5,100 is out of order."""


@dataclass(slots=True)
class Stream:
    """The entries of one filter in the order of their listing, oldest first."""

    listed_ms: list[int] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)

    def page(self, now: datetime, start: int, count: int) -> list[bytes]:
        """The entries listed by now, newest first, from the start-th on."""
        end = bisect_right(self.listed_ms, to_ms(now)) - start
        return self.entries[max(end - count, 0) : max(end, 0)][::-1]


class _Shelves:
    """Publications, put in order once."""

    def __init__(self, publications: Iterable[Publication]) -> None:
        self.by_accession = {p.accession_number: p for p in publications}
        self.in_order = sorted(
            self.by_accession.values(), key=lambda p: (p.accepted_at, p.accession_number)
        )
        self.by_cik: dict[str, list[Publication]] = defaultdict(list)
        self.by_day: dict[date, list[Publication]] = defaultdict(list)
        self.streams: dict[tuple[str, str], Stream] = {}
        self.symbols: dict[str, Party] = {}
        for publication in self.in_order:
            issuer, symbol = publication.party(ISSUER), plain_ticker(publication.ticker)
            if issuer and symbol:
                self.symbols[symbol] = issuer
            self.by_day[publication.filed_on].append(publication)
            for cik in dict.fromkeys(party.cik for party in publication.parties):
                self.by_cik[cik].append(publication)


class SandboxMarket:
    """A market of filings.  Filings can be added, withdrawn and hidden while it is served."""

    def __init__(
        self, publications: Iterable[Publication], *, delays: Delays | None = None
    ) -> None:
        self.delays = delays or Delays()
        self._withdrawn: set[str] = set()
        self._unlisted: set[str] = set()
        self._shelves = _Shelves(publications)
        self._publishing = Lock()

    @classmethod
    def of(
        cls, filings: Iterable[SyntheticFiling | SyntheticNotice], *, delays: Delays | None = None
    ) -> "SandboxMarket":
        """A market of synthetic filings, such as ``bot.sandbox.market.filings()``."""
        return cls(map(published, filings), delays=delays)

    @classmethod
    def from_folder(
        cls, folder: Path, *, delays: Delays | None = None
    ) -> tuple["SandboxMarket", dict[str, str]]:
        """A market of the documents below a folder, and why each other file is left out."""
        publications, refused = publications_in(folder)
        return cls(publications, delays=delays), refused

    def publish(self, *publications: Publication) -> None:
        """Add filings; one whose accession number is there already takes its place."""
        with self._publishing:
            self._shelves = _Shelves([*self._shelves.in_order, *publications])

    def withdraw(self, accession_number: str) -> None:
        """Its folder answers 404 from now on; feed and indexes still list it."""
        self._withdrawn.add(accession_number)

    def hide_from_feed(self, accession_number: str) -> None:
        """The feed never lists it, the indexes do: what a poller misses."""
        self._unlisted.add(accession_number)
        self.publish()

    @property
    def publications(self) -> Sequence[Publication]:
        """All of them, published yet or not, in the order of acceptance."""
        return self._shelves.in_order

    @property
    def symbols(self) -> Mapping[str, Party]:
        """Issuers by the ticker symbols that they filed under; old ones stay."""
        return self._shelves.symbols

    def listed_at(self, publication: Publication) -> datetime:
        """When the feed lists a filing."""
        late = _mark(publication.accession_number, self.delays.stray_every)
        delay = self.delays.feed + (self.delays.stray if late else timedelta())
        return publication.accepted_at + delay

    def latest(
        self, now: datetime, *, form: str, owner: str, start: int, count: int
    ) -> list[bytes]:
        """Entries of the feed, newest first: forms that begin with ``form``.

        owner: ``only`` takes forms 3, 4, 5 and their amendments, ``exclude`` takes the others.
        """
        return self._stream(form, owner).page(now, start, count)

    def filing(self, now: datetime, accession_number: str) -> Publication | None:
        """A filing whose folder can be had by now."""
        publication = self._shelves.by_accession.get(accession_number)
        if publication is None or accession_number in self._withdrawn:
            return None
        there = now >= self.listed_at(publication) + self.delays.text
        return publication if there else None

    def of_day(self, now: datetime, day: date) -> list[Publication] | None:
        """The filings of a filing date; None while its index is not out, or where it never is."""
        if not SEC.is_business_day(day) or now < index_out_at(day):
            return None
        return self._shelves.by_day.get(day, [])

    def of_quarter(self, now: datetime, year: int, quarter: int) -> list[Publication] | None:
        """The filings of a quarter up to the last rewriting of its index; None before the first."""
        rewritten = last_saturday(now)
        first = date(year, 3 * quarter - 2, 1)
        if rewritten <= first:
            return None
        until = min(rewritten, date(year + quarter // 4, 3 * quarter % 12 + 1, 1))
        days = sorted(day for day in self._shelves.by_day if first <= day < until)
        return [p for day in days for p in self._shelves.by_day[day]]

    def party(self, cik: str) -> Party | None:
        """A company or person as its newest filing names it."""
        filings = self._shelves.by_cik.get(cik)
        return next((p for p in filings[-1].parties if p.cik == cik), None) if filings else None

    def of_party(self, now: datetime, cik: str) -> list[Publication] | None:
        """The filings of a company or person, newest first; None where it has none at any time."""
        filings = self._shelves.by_cik.get(cik)
        if filings is None:
            return None
        latest = now - self.delays.submissions
        return [p for p in reversed(filings) if p.accepted_at <= latest]

    def _stream(self, form: str, owner: str) -> Stream:
        shelves = self._shelves
        stream = shelves.streams.get((form, owner))
        if stream is None:
            if len(shelves.streams) >= _MOST_STREAMS:
                shelves.streams.clear()
            stream = shelves.streams[form, owner] = self._sorted_stream(shelves, form, owner)
        return stream

    def _sorted_stream(self, shelves: _Shelves, form: str, owner: str) -> Stream:
        listed = [
            (to_ms(self.listed_at(p)), p)
            for p in shelves.in_order
            if p.form.startswith(form)
            and owner in ("only" if p.is_ownership else "exclude", "include", "")
            and p.accession_number not in self._unlisted
        ]
        stream = Stream()
        for ms, publication in sorted(listed, key=lambda pair: pair[0]):
            parties = list(publication.parties)
            if _mark(publication.accession_number, 2):  # in no fixed order
                parties.reverse()
            stream.listed_ms += [ms] * len(parties)
            stream.entries += [entry(publication, party) for party in parties]
        return stream


def index_out_at(day: date) -> datetime:
    """When the index of a day can be had."""
    return datetime.combine(day, INDEX_OUT, NEW_YORK)


def last_saturday(now: datetime) -> date:
    """The Saturday, in New York, on which the quarterly indexes were rewritten last."""
    today = new_york_day(now)
    return today - timedelta(days=(today.weekday() + 2) % 7)


def _mark(accession_number: str, one_in: int | None) -> bool:
    """Whether a filing is one of so many, always the same ones."""
    return one_in is not None and crc32(accession_number.encode()) % one_in == 0
