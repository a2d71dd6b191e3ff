"""What the sandbox EDGAR answers to an address at a market time."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import md5
from re import Match
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

from bot.calendar import start_of
from bot.clock import new_york_day
from bot.sandbox.companyfacts import Report, company_facts
from bot.sandbox.edgar_documents import (
    company_tickers,
    company_tickers_exchange,
    daily_index,
    directory,
    filing_page,
    full_index,
    http_date,
    older_submissions,
    submissions,
    viewer_page,
)
from bot.sandbox.edgar_feed import LAST_START, feed_page, page_size
from bot.sandbox.edgar_market import SandboxMarket, index_out_at, last_saturday
from bot.sandbox.edgar_publication import Publication
from bot.sandbox.edgar_replies import Reply, access_denied, not_found, unavailable
from bot.sources.edgar.container import Refused, contained_form

RECENT = 1000
"""Filings in the first submissions JSON of a company or person."""

Reports = Mapping[str, Sequence[Report] | bytes]
"""What companies reported, by CIK; bytes are a whole document, served as it is."""

NO_REPORTS: Reports = MappingProxyType({})

_JSON, _TEXT, _XML = "application/json", "text/plain", "text/xml"
Answerer = Callable[["Routes", datetime, Match[str]], Reply]


class Routes:
    """Answers from a market.

    recent: filings in a first submissions JSON.  reports: of companies, by CIK.
    """

    def __init__(
        self,
        market: SandboxMarket,
        *,
        recent: int = RECENT,
        reports: Reports = NO_REPORTS,
    ) -> None:
        self._market, self._recent, self._reports = market, recent, reports

    def answer(self, url: str, now: datetime) -> Reply:
        """The answer to a path with its query."""
        parts = urlsplit(url)
        if parts.path == "/cgi-bin/browse-edgar":
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            return self._feed(query, now)
        for pattern, answerer in _ROUTES:
            match = pattern.fullmatch(parts.path)
            if match:
                return answerer(self, now, match)
        return not_found()

    def _feed(self, query: dict[str, str], now: datetime) -> Reply:
        start = query.get("start", "0")
        first = int(start) if start.isdecimal() else 0
        if query.get("action") != "getcurrent" or query.get("output") != "atom":
            return not_found()
        if first > LAST_START:
            return unavailable()
        entries = self._market.latest(
            now,
            form=query.get("type", ""),
            owner=query.get("owner", "include"),
            start=first,
            count=page_size(query.get("count", "")),
        )
        headers = {"Cache-Control": "no-cache"}
        body = feed_page(now, entries)
        return Reply(body=body, kind="application/atom+xml", headers=headers)

    def _file_of_filing(self, now: datetime, match: Match[str]) -> Reply:
        publication = self._filing(now, match)
        if publication is None:
            return not_found()
        accession, name = publication.accession_number, match["name"]
        if name == f"{accession}.txt":
            return Reply(body=publication.body, kind=_TEXT)
        if name in (f"{accession}-index.htm", f"{accession}-index.html"):
            return Reply(body=filing_page(publication))
        if name == "index.json":
            return Reply(body=directory(publication, match["cik"]), kind=_JSON)
        if name == publication.document:
            return _document(publication)
        if name == publication.primary_document:
            return Reply(body=viewer_page(publication))
        return not_found()

    def _text_of_filing(self, now: datetime, match: Match[str]) -> Reply:
        publication = self._filing(now, match)
        return Reply(body=publication.body, kind=_TEXT) if publication else not_found()

    def _filing(self, now: datetime, match: Match[str]) -> Publication | None:
        """By accession number, in the folder of one of its parties only."""
        digits = match["accession"].replace("-", "")
        publication = self._market.filing(now, f"{digits[:10]}-{digits[10:12]}-{digits[12:]}")
        ciks = {int(party.cik) for party in publication.parties} if publication else set()
        return publication if int(match["cik"]) in ciks else None

    def _daily_index(self, now: datetime, match: Match[str]) -> Reply:
        try:
            day = date.fromisoformat(match["day"])
        except ValueError:
            return access_denied()
        rows = self._market.of_day(now, day)
        if rows is None or (int(match["year"]), int(match["quarter"])) != _quarter(day):
            return access_denied()
        return _index(daily_index(day, rows), index_out_at(day))

    def _full_index(self, now: datetime, match: Match[str]) -> Reply:
        rows = self._market.of_quarter(now, int(match["year"]), int(match["quarter"]))
        if rows is None:
            return access_denied()
        rewritten = last_saturday(now)
        return _index(full_index(rewritten - timedelta(days=1), rows), start_of(rewritten))

    def _submissions(self, now: datetime, match: Match[str]) -> Reply:
        cik = match["cik"]
        filings = self._market.of_party(now, cik)
        party = self._market.party(cik)
        if filings is None or party is None:
            return not_found()
        if match["shard"] is None:
            tickers = [symbol for symbol, p in self._market.symbols.items() if p.cik == cik]
            body = submissions(party, filings, recent=self._recent, tickers=tickers)
        elif len(filings) > self._recent:
            body = older_submissions(filings, recent=self._recent)
        else:
            return not_found()
        return Reply(body=body, kind=_JSON)

    def _company_facts(self, now: datetime, match: Match[str]) -> Reply:
        cik = match["cik"]
        reports = self._reports.get(cik, ())
        if isinstance(reports, bytes):
            return Reply(body=reports, kind=_JSON)
        party = self._market.party(cik)
        name = party.name if party else ""
        body = company_facts(cik, name, reports, new_york_day(now))
        return not_found() if body is None else Reply(body=body, kind=_JSON)

    def _tickers(self, now: datetime, match: Match[str]) -> Reply:  # noqa: ARG002
        write = company_tickers_exchange if match["exchange"] else company_tickers
        return Reply(body=write(self._market.symbols), kind=_JSON)


_ROUTES: tuple[tuple[re.Pattern[str], Answerer], ...] = tuple(
    (re.compile(pattern), answerer)
    for pattern, answerer in (
        (
            r"/Archives/edgar/data/(?P<cik>\d{1,10})/(?P<accession>\d{18})/(?P<name>.+)",
            Routes._file_of_filing,
        ),
        (
            r"/Archives/edgar/data/(?P<cik>\d{1,10})/(?P<accession>\d{10}-\d{2}-\d{6})\.txt",
            Routes._text_of_filing,
        ),
        (
            r"/Archives/edgar/daily-index/(?P<year>[12]\d{3})/QTR(?P<quarter>[1-4])/"
            r"form\.(?P<day>\d{8})\.idx",
            Routes._daily_index,
        ),
        (
            r"/Archives/edgar/full-index/(?P<year>[12]\d{3})/QTR(?P<quarter>[1-4])/form\.idx",
            Routes._full_index,
        ),
        (r"/Archives/edgar/(?:daily|full)-index/.*", lambda *_: access_denied()),
        (
            r"/submissions/CIK(?P<cik>\d{10})(?P<shard>-submissions-001)?\.json",
            Routes._submissions,
        ),
        (r"/api/xbrl/companyfacts/CIK(?P<cik>\d{10})\.json", Routes._company_facts),
        (r"/files/company_tickers(?P<exchange>_exchange)?\.json", Routes._tickers),
    )
)


def _document(publication: Publication) -> Reply:
    """The first document by itself: of an ownership form its XML."""
    try:
        return Reply(body=contained_form(publication.body).xml, kind=_XML)
    except Refused:
        return Reply(body=publication.body)


def _index(body: bytes, written_at: datetime) -> Reply:
    headers = {
        "ETag": f'"{md5(body, usedforsecurity=False).hexdigest()}"',
        "Last-Modified": http_date(written_at),
    }
    return Reply(body=body, kind=_TEXT, headers=headers)


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3
