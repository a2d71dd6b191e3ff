"""A feed that moves as EDGAR's does, its filings and indexes, and a store that remembers them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from bot.clock import NEW_YORK
from bot.sources.edgar.listing import FetchedFiling, PendingFiling
from tests.sources.edgar.local_edgar import ManualClock, Reply

_TEXT = re.compile(r"/Archives/edgar/data/(\d+)/(?:\d{18}/)?(\d{10}-\d{2}-\d{6})\.txt")
_NO_FEED = b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>'


@dataclass(frozen=True)
class Filing:
    """ciks: the reporting owners, then the issuer."""

    accession_number: str
    form: str
    ciks: tuple[int, ...]
    at: datetime

    @property
    def url(self) -> str:
        folder = self.accession_number.replace("-", "")
        return f"/Archives/edgar/data/{self.ciks[-1]}/{folder}/{self.accession_number}.txt"

    def entry(self, cik: int) -> str:
        role = "Issuer" if cik == self.ciks[-1] else "Reporting"
        folder = self.accession_number.replace("-", "")
        page = f"https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{self.accession_number}"
        return (
            f"<entry><title>{self.form} - {escape('A & B')} {cik} ({cik:010d}) ({role})</title>"
            f'<link rel="alternate" type="text/html" href="{page}-index.htm"/>'
            f"<updated>{self.at.astimezone(NEW_YORK).isoformat(timespec='seconds')}</updated>"
            f'<category scheme="https://www.sec.gov/" label="form type" term="{self.form}"/>'
            f"<id>urn:tag:sec.gov,2008:accession-number={self.accession_number}</id></entry>"
        )


@dataclass
class MovingFeed:
    """rows: entries, newest first, one a party.

    during: how many filings arrive after each page served, one number a page.
    stale: the rows and the instant that pages after the first are made of, if not of the present.
    absent: how often a filing is still to be answered by 404.
    """

    clock: ManualClock
    rows: list[tuple[Filing, int]] = field(default_factory=list)
    during: list[int] = field(default_factory=list)
    stale: tuple[list[tuple[Filing, int]], datetime] | None = None
    absent: Counter[str] = field(default_factory=Counter)
    broken: dict[str, Reply] = field(default_factory=dict)
    indexes: dict[str, bytes] = field(default_factory=dict)
    served: Counter[str] = field(default_factory=Counter)
    filings: list[Filing] = field(default_factory=list)

    def arrive(
        self, *, form: str = "4", owners: int = 1, depth: int = 0, cik: int | None = None
    ) -> Filing:
        """A new filing on top, or ``depth`` rows below it: out of order, as happens."""
        number = len(self.filings) + 1
        self.clock.advance(1)
        ciks = (*(9_100_000 + number * 10 + n for n in range(owners)), cik or 9_500_000 + number)
        at = self.clock.now - timedelta(seconds=30 + 2 * depth)
        filing = Filing(f"0009{number:06d}-25-{number:06d}", form, ciks, at)
        self.filings.append(filing)
        self.rows[depth:depth] = [(filing, cik) for cik in reversed(ciks)]
        return filing

    def arrivals(self, count: int) -> list[Filing]:
        return [self.arrive() for _ in range(count)]

    def respond(self, path: str) -> Reply:
        if path in self.broken:
            return self.broken[path]
        if path.startswith("/cgi-bin/browse-edgar?"):
            return self._page(path)
        if path.endswith(".idx"):
            body = self.indexes.get(path.rsplit("/", 1)[-1])
            return Reply(body=body) if body is not None else Reply(status=404)
        return self._filing(path)

    def _page(self, path: str) -> Reply:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        start, count = int(asked["start"]), int(asked["count"])
        rows, made = self.rows, self.clock.now
        if self.stale and start > 0:
            rows, made = self.stale
        listed = [row for row in rows if row[0].form.startswith(asked["type"])]
        entries = "".join(filing.entry(cik) for filing, cik in listed[start : start + count])
        body = (
            '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
            f'<feed xmlns="http://www.w3.org/2005/Atom"><updated>{made.isoformat()}</updated>'
            f"{entries}</feed>"
        )
        self.arrivals(self.during.pop(0) if self.during else 0)
        return Reply(body=body.encode("iso-8859-1"))

    def _filing(self, path: str) -> Reply:
        match = _TEXT.fullmatch(path)
        filing = next((f for f in self.filings if match and f.accession_number == match[2]), None)
        if filing is None or match is None or int(match[1]) not in filing.ciks:
            return Reply(status=404)
        if self.absent[filing.accession_number] > 0:
            self.absent[filing.accession_number] -= 1
            return Reply(status=404)
        self.served[filing.accession_number] += 1
        return Reply(body=text_of(filing))


def text_of(filing: Filing) -> bytes:
    number = filing.accession_number
    return f"<SEC-DOCUMENT>{number}.txt\nACCESSION NUMBER:\t{number}\n</SEC-DOCUMENT>\n".encode()


def index_of(filings: Iterable[Filing], day: date) -> bytes:
    head = "Description: Daily Index\n\nForm Type   Company Name   CIK\n   Date Filed  File Name\n"
    rows = [
        f"{f.form:<17}{'EXAMPLE CORP':<62}{cik:<12}{day:%Y%m%d}    "
        f"edgar/data/{cik}/{f.accession_number}.txt     \n"
        for f in filings
        for cik in f.ciks
    ]
    return (head + "-" * 141 + "\n" + "".join(rows)).encode()


class Killed(Exception):
    """What ends a run in its middle."""


@dataclass
class Kept:
    """What is stored, in the order it came; ``kill_at`` ends a run before that hand-over."""

    filings: list[FetchedFiling] = field(default_factory=list)
    pending: dict[str, PendingFiling] = field(default_factory=dict)
    buried: set[str] = field(default_factory=set)
    kill_at: int | None = None

    @property
    def accession_numbers(self) -> list[str]:
        return [filing.accession_number for filing in self.filings]

    def known(self, accession_numbers: Iterable[str]) -> set[str]:
        return set(accession_numbers) & (set(self.accession_numbers) | self.buried)

    def fetched(self, filing: FetchedFiling) -> None:
        if self.kill_at is not None and len(self.filings) >= self.kill_at:
            raise Killed
        self.filings.append(filing)

    def remember(self, pending: Iterable[PendingFiling]) -> None:
        items = list(pending)
        self.buried |= {item.accession_number for item in items if item.buried}
        self.pending = {item.accession_number: item for item in items if not item.buried}
