"""The made-up market of the demo: the Oklo story of 2025, and what lies around it.

Who sold how much follows the market article that the project started from: CFO Bealmear $9.4M,
director Klein $6.7M and officer Goodwin $2.9M in September, CEO DeWitte 300,000 shares in June,
which his wife, the COO, files as well.
Dates, prices, lots and stakes are made up, and every document says so.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import NEW_YORK
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling

OKLO = Company(cik="0001849056", name="Oklo Inc.", ticker="OKLO")
KELLOGG = Company(cik="0001959348", name="WK Kellogg Co", ticker="KLG")
NORTHWIND = Company(cik="0009000001", name="Northwind Instruments Corp", ticker="NASDAQ: NWIN")
HARBOR = Company(cik="0009000002", name="Harbor Lights Bancorp", ticker="HLBK")

DEWITTE = Insider(
    cik="0001859751", name="DeWitte Jacob", title="Chief Executive Officer", director=True
)
COCHRAN = Insider(
    cik="0001859752", name="Cochran Caroline", title="Chief Operating Officer", director=True
)
BEALMEAR = Insider(cik="0002022001", name="Bealmear R. Craig", title="Chief Financial Officer")
KLEIN = Insider(cik="0001234099", name="Klein Michael Stuart", director=True)
GOODWIN = Insider(cik="0002022002", name="Goodwin William", title="Chief Legal Officer")
FOUNDATION = Insider(cik="0000056000", name="W K Kellogg Foundation Trust", ten_percent_owner=True)
ABARA = Insider(cik="0009000011", name="Abara Ngozi", title="President and CEO", director=True)
LINDQVIST = Insider(cik="0009000012", name="Lindqvist Per", director=True)
MORI = Insider(cik="0009000013", name="Mori Aiko", title="EVP, Chief Human Resources Off")
HALE = Insider(cik="0009000021", name="Hale Dorothy", title="Chief Executive Officer")
PRATT = Insider(cik="0009000022", name="Pratt Samuel", director=True)

_FOUNDER = "Sold in the open market. The shares were received before the business combination."
_PLAN = (
    "Sold under a Rule 10b5-1 trading plan adopted by the reporting person on December 13, 2024."
)
_MERGER = (
    "Disposed of at the effective time of the merger, each share converted into the right to "
    "receive $23.00 in cash, without interest."
)


OPENED = datetime(2025, 9, 19, 12, tzinfo=NEW_YORK)
"""When the bot of the demo starts: what came before is its past."""

AWAY = (
    datetime(2025, 10, 1, 8, tzinfo=NEW_YORK),
    datetime(2025, 10, 6, 9, tzinfo=NEW_YORK),
)
"""From when until when the bot of the demo is away."""


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2025, month, day, hour, minute, 7, tzinfo=NEW_YORK)


def _number(place: int) -> str:
    """Accession numbers of nobody: no filer agent has the CIK 0009999999."""
    return f"0009999999-25-{place:06d}"


def filings() -> list[SyntheticFiling]:
    """The filings of the story in the order of their acceptance."""
    written = sorted([*_oklo(), *_others()], key=lambda pair: pair[0])
    return [
        SyntheticFiling(accession=_number(place), accepted_at=at, **told)
        for place, (at, told) in enumerate(written, start=1)
    ]


def _household(seller: Insider) -> dict[str, Any]:
    """CEO and COO are married: each files an own lot as direct and the other's as indirect."""
    other = COCHRAN if seller is DEWITTE else DEWITTE
    name = " ".join(reversed(other.name.split()))
    lots = (
        (DEWITTE, Row(code="S", shares="180000", price="52.10", day="2025-06-11",
                      after="10720000", note=_PLAN)),
        (COCHRAN, Row(code="S", shares="120000", price="53.35", day="2025-06-12",
                      after="11080000", note=_PLAN)),
    )  # fmt: skip
    rows = [lot if owner is seller else replace(lot, nature=f"By {name}") for owner, lot in lots]
    return {"company": OKLO, "owners": [seller], "plan": True, "rows": rows}


def _oklo() -> Iterator[tuple[datetime, dict[str, Any]]]:
    yield _at(6, 13, 17, 31), _household(DEWITTE)
    yield _at(6, 13, 17, 44), _household(COCHRAN)
    yield (
        _at(9, 3, 16, 44),
        {
            "company": OKLO,
            "owners": [GOODWIN],
            "rows": [
                Row(code="M", shares="30000", price=None, day="2025-09-02", after="73100"),
                Row(code="F", shares="12450", price="73.80", day="2025-09-02", after="60650"),
                Row(code="M", shares="30000", price="0", day="2025-09-02", after="60000",
                    flag="D", security="Restricted Stock Unit", derivative=True),
            ],
        },
    )  # fmt: skip
    yield (
        _at(9, 24, 18, 2),
        {
            "company": OKLO,
            "owners": [BEALMEAR],
            "rows": [
                Row(code="S", shares="20000", price="144.10", day="2025-09-23", after="189100",
                    note="Weighted average; prices ranging from $143.90 to $144.60, inclusive."),
                Row(code="S", shares="24800", price="145.05", day="2025-09-23", after="164300",
                    note="Weighted average; prices ranging from $144.70 to $145.65, inclusive."),
                Row(code="S", shares="20000", price="146.03", day="2025-09-23", after="144300",
                    note="Weighted average; prices ranging from $145.70 to $146.20, inclusive."),
            ],
        },
    )  # fmt: skip
    yield (
        _at(9, 25, 16, 20),
        {
            "company": OKLO,
            "owners": [KLEIN],
            "rows": [
                Row(code="S", shares="47000", price="142.60", day="2025-09-24", after="310000",
                    note=_FOUNDER),
            ],
        },
    )  # fmt: skip
    yield (
        _at(9, 26, 17, 12),
        {
            "company": OKLO,
            "owners": [GOODWIN],
            "rows": [
                Row(code="S", shares="21000", price="138.10", day="2025-09-25", after="39650")
            ],
        },
    )


def _others() -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Purchases that matter, and much that must stay silent."""
    for day, owner, shares, price, after in (
        (22, ABARA, "12000", "21.40", "96000"),
        (24, LINDQVIST, "5000", "21.85", "23500"),
        (29, MORI, "2500", "21.70", "8200"),
    ):
        yield (
            _at(9, day + 1, 16, 5 + day),
            {
                "company": HARBOR,
                "owners": [owner],
                "rows": [Row(code="P", shares=shares, price=price, day=f"2025-09-{day:02d}",
                             after=after, security="Common Stock")],
            },
        )  # fmt: skip
    yield (
        _at(9, 29, 9, 15),
        {
            "company": KELLOGG,
            "owners": [FOUNDATION],
            "rows": [Row(code="D", shares="13505159", price="23.00", day="2025-09-26", after="0",
                         security="Common Stock", note=_MERGER)],
        },
    )  # fmt: skip
    yield (
        _at(9, 30, 19, 48),
        {
            "company": NORTHWIND,
            "owners": [HALE],
            "rows": [
                Row(code="A", shares="150000", price="0", day="2025-09-29", after="402000"),
                Row(code="G", shares="25000", price="0", day="2025-09-29", after="377000"),
            ],
        },
    )
    yield (
        _at(10, 2, 16, 31),
        {
            "company": NORTHWIND,
            "owners": [PRATT],
            "plan": None,
            "rows": [Row(code="S", shares="38000", price="34.25", day="2025-07-30", after="52000")],
        },
    )


def damaged() -> dict[str, bytes]:
    """Documents that can not be read, by file name: the bot keeps them aside and says why."""
    whole = filings()[0].submission()
    return {
        "block-page.txt": b"<!DOCTYPE html><html><head><title>SEC.gov | Request Rate Threshold "
        b"Exceeded</title></head><body>Reference ID: 0.00</body></html>",
        "cut-off.txt": whole[: whole.index(b"<transactionAmounts>") + 200],
    }


def write_market(folder: Path) -> int:
    """Write the market as files of full submissions; says how many."""
    documents = {f"{f.accession}.txt": f.submission() for f in filings()} | damaged()
    for name, body in documents.items():
        (folder / name).write_bytes(body)
    return len(documents)
