"""Writes EDGAR's indexes, directories, submissions JSON and ticker maps as they are served."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from bot.clock import NEW_YORK, to_text
from bot.sandbox.edgar_feed import size_text
from bot.sandbox.edgar_publication import REPORTING, Party, Publication

Symbols = Mapping[str, Party]
"""Issuers by ticker symbol."""

_RULER = "-" * 141
_COLUMNS = (
    "accessionNumber",
    "filingDate",
    "reportDate",
    "acceptanceDateTime",
    "act",
    "form",
    "fileNumber",
    "filmNumber",
    "items",
    "core_type",
    "size",
    "isXBRL",
    "isInlineXBRL",
    "primaryDocument",
    "primaryDocDescription",
)


def daily_index(day: date, publications: Iterable[Publication]) -> bytes:
    """The index of a day by form, as of 2026: wide form column, header wrapped onto two lines."""
    columns = f"{'Form Type   Company Name':<74}CIK\n      Date Filed  File Name"
    head = _head(
        "Daily Index of EDGAR Dissemination Feed by Form Type", f"{day:%b %d, %Y}", columns
    )
    rows = (
        f"{p.form:<15}  {party.name:<60}  {int(party.cik):<10}  {p.filed_on:%Y%m%d}    "
        f"{_path(p, party)}{'':48}\n"
        for p, party in _parties(publications)
    )
    return _latin(head, rows)


def full_index(until: date, publications: Iterable[Publication]) -> bytes:
    """The index of a quarter by form.  until: the day of the last data in it."""
    columns = f"{'Form Type   Company Name':<74}{'CIK':<12}Date Filed  File Name"
    last = f"{until:%B %d, %Y}"
    head = _head("Master Index of EDGAR Dissemination Feed by Form Type", last, columns)
    rows = (
        f"{p.form:<10}  {party.name:<60}  {int(party.cik):<10}  {p.filed_on}  {_path(p, party)}\n"
        for p, party in _parties(publications)
    )
    return _latin(head, rows)


def _head(what: str, last: str, columns: str) -> str:
    return (
        f"Description:           {what}\nLast Data Received:    {last}\n"
        "Comments:              webmaster@sec.gov\n"
        f"Anonymous FTP:         ftp://ftp.sec.gov/edgar/\n \n \n \n \n{columns}\n{_RULER}\n"
    )


def _parties(publications: Iterable[Publication]) -> list[tuple[Publication, Party]]:
    """One row a party, by form and name."""
    rows = [(publication, party) for publication in publications for party in publication.parties]
    return sorted(rows, key=lambda row: (row[0].form, row[1].name, row[0].accession_number))


def _path(publication: Publication, party: Party) -> str:
    return f"edgar/data/{int(party.cik)}/{publication.accession_number}.txt"


def _latin(head: str, rows: Iterable[str]) -> bytes:
    return (head + "".join(rows)).encode("iso-8859-1", "replace")


def filing_page(publication: Publication) -> bytes:
    """The page that the feed links to."""
    accession, folder = publication.accession_number, _folder(publication)
    accepted = publication.accepted_at.astimezone(NEW_YORK)
    parties = "".join(
        f'<div class="companyInfo"><span class="companyName">{escape(party.name)} ({party.role}) '
        f"CIK: {party.cik}</span></div>\n"
        for party in publication.parties
    )
    rows = "".join(
        f'<tr><td>{title}</td><td><a href="{folder}/{name}">{name}</a></td><td>{kind}</td></tr>\n'
        for title, name, kind in (
            ("", publication.primary_document, publication.form),
            ("Complete submission text file", f"{accession}.txt", "&nbsp;"),
        )
    )
    return (
        f"<!DOCTYPE html>\n<html>\n<head>\n<title>EDGAR Filing Documents for {accession}</title>\n"
        f'</head>\n<body>\n<div id="formName"><strong>Form {publication.form}</strong></div>\n'
        f'<div id="secNum"><strong>SEC Accession No.</strong> {accession}</div>\n'
        f'<div class="infoHead">Filing Date</div><div class="info">{publication.filed_on}</div>\n'
        f'<div class="infoHead">Accepted</div><div class="info">{accepted:%Y-%m-%d %H:%M:%S}</div>'
        f'\n<table class="tableFile">\n{rows}</table>\n{parties}</body>\n</html>\n'
    ).encode()


def directory(publication: Publication, cik: str) -> bytes:
    """The listing of a filing's folder; its times are New York's, and some sizes are left out."""
    accession = publication.accession_number
    at = f"{publication.accepted_at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}"
    names = {
        f"{accession}-index-headers.html": "",
        f"{accession}-index.html": "",
        f"{accession}.txt": "",
        publication.document: str(len(publication.body)),
    }
    items = [
        {"last-modified": at, "name": name, "type": "text.gif", "size": size}
        for name, size in names.items()
    ]
    parent = f"/Archives/edgar/data/{int(cik)}"
    told = {"item": items, "name": f"{parent}/{publication.folder}", "parent-dir": parent}
    return _json({"directory": told}).replace(b"/", b"\\/")


def viewer_page(publication: Publication) -> bytes:
    """What the viewer makes of ownership XML: HTML under a name that ends in .xml."""
    told = f"FORM {publication.form}, {escape(publication.parties[0].name)}"
    return (
        f"<!DOCTYPE html>\n<html>\n<head>\n<title>SEC FORM {publication.form}</title>\n</head>\n"
        f"<body>\n<p>{told}, {size_text(len(publication.body))} of XML, shown to people.</p>\n"
        "</body>\n</html>\n"
    ).encode()


def submissions(
    party: Party, newest_first: Sequence[Publication], *, recent: int, tickers: Sequence[str]
) -> bytes:
    """The filings of a company or person: the recent ones, and where the older ones are."""
    owner = party.role == REPORTING
    shown = newest_first[:recent]
    older = newest_first[recent:]
    told: dict[str, Any] = {
        "cik": party.cik,
        "entityType": "other" if owner else "operating",
        "sic": "",
        "sicDescription": "",
        "ownerOrg": "" if owner else None,
        "insiderTransactionForOwnerExists": int(owner),
        "insiderTransactionForIssuerExists": int(not owner),
        "name": party.name,
        "tickers": list(tickers),
        "exchanges": ["Nasdaq"] * len(tickers),
        "ein": None,
        "lei": None,
        "description": "",
        "website": "",
        "investorWebsite": "",
        "category": "",
        "fiscalYearEnd": None,
        "stateOfIncorporation": "",
        "stateOfIncorporationDescription": "",
        "addresses": {},
        "phone": None,
        "flags": "",
        "formerNames": [],
        "filings": {"recent": _columns(shown), "files": _shards(party, older)},
    }
    return _json(told)


def older_submissions(newest_first: Sequence[Publication], *, recent: int) -> bytes:
    """The shard of older filings: the same columns, without an envelope."""
    return _json(_columns(newest_first[recent:]))


def shard_name(cik: str) -> str:
    return f"CIK{cik}-submissions-001.json"


def _shards(party: Party, older: Sequence[Publication]) -> list[dict[str, Any]]:
    if not older:
        return []
    shard = {
        "name": shard_name(party.cik),
        "filingCount": len(older),
        "filingFrom": older[-1].filed_on.isoformat(),
        "filingTo": older[0].filed_on.isoformat(),
    }
    return [shard]


def _columns(publications: Sequence[Publication]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for publication in publications:
        for column, value in zip(columns.values(), _row(publication), strict=True):
            column.append(value)
    return columns


def _row(publication: Publication) -> tuple[Any, ...]:
    return (
        publication.accession_number,
        publication.filed_on.isoformat(),
        publication.period or "",
        to_text(publication.accepted_at.replace(microsecond=0)),
        "34" if publication.is_ownership else "",
        publication.form,
        "",
        "",
        publication.items,
        publication.form,
        len(publication.body),
        0,
        0,
        publication.primary_document,
        f"FORM {publication.form}",
    )


def company_tickers(symbols: Symbols) -> bytes:
    """The map of CIKs and symbols, one object a symbol."""
    rows = (
        {"cik_str": int(party.cik), "ticker": symbol, "title": party.name}
        for symbol, party in symbols.items()
    )
    return _json({str(place): row for place, row in enumerate(rows)})


def company_tickers_exchange(symbols: Symbols) -> bytes:
    """The map as a table, which names the exchange too."""
    rows = [[int(p.cik), p.name, symbol, "Nasdaq"] for symbol, p in symbols.items()]
    return _json({"fields": ["cik", "name", "ticker", "exchange"], "data": rows})


def _folder(publication: Publication) -> str:
    return f"/Archives/edgar/data/{int(publication.parties[0].cik)}/{publication.folder}"


def _json(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def http_date(instant: datetime) -> str:
    """As HTTP headers write an instant."""
    return f"{instant.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"
