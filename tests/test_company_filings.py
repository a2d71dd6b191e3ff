"""A company's list of filings: what its times mean, names as of then, titles, and its facts."""

import gzip
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import NEW_YORK
from bot.company_filings import Filed, filing_facts, title_of, true_times
from bot.errors import SourceUnreadable
from bot.sources.edgar.submissions import read_submissions
from tests.sources.edgar.recorded import RECORDED, needs_recorded


def a_row(told: str, number: int = 1, form: str = "8-K", items: str = "") -> Filed:
    return Filed(
        accession_number=f"0000000001-25-{number:06d}",
        form=form,
        told_at=datetime.fromisoformat(told).replace(tzinfo=UTC),
        filed_on=date.fromisoformat(told[:10]),
        items=tuple(items.split()),
    )


def a_list(*rows: tuple[str, str, str, str], **values: Any) -> bytes:
    """The JSON of a list.  rows: form, acceptance as told, filing date, items."""
    told: dict[str, Any] = {
        "cik": "1849056",
        "name": "Oklo Inc.",
        "tickers": ["OKLO"],
        "exchanges": ["NYSE"],
        "formerNames": [
            {"name": "AltC Acquisition Corp.", "from": "2021-03-05T05:00:00.000Z",
             "to": "2024-05-08T04:00:00.000Z"},
        ],
        "filings": {
            "recent": {
                "accessionNumber": [f"0001849056-25-{9 - n:06d}" for n in range(len(rows))],
                "form": [row[0] for row in rows],
                "acceptanceDateTime": [row[1] for row in rows],
                "filingDate": [row[2] for row in rows],
                "items": [row[3] for row in rows],
            },
            "files": [],
        },
    }  # fmt: skip
    return json.dumps({**told, **values}).encode()


def test_a_list_gives_a_fact_for_every_filing_that_is_not_of_insiders() -> None:
    body = a_list(
        ("4", "2025-09-24T22:02:11.000Z", "2025-09-24", ""),
        ("8-K", "2025-08-11T20:15:00.000Z", "2025-08-11", "2.02,9.01"),
        ("144", "2025-08-01T20:15:00.000Z", "2025-08-01", ""),
        ("25-NSE", "2024-04-01T14:15:00.000Z", "2024-04-01", ""),
    )
    delisting, report = filing_facts(read_submissions(body, where="x"), {})

    assert report.id == "filing:0001849056-25-000008"
    assert (report.subject, report.ticker) == ("0001849056", "OKLO")
    assert report.known_at == datetime(2025, 8, 11, 20, 15, tzinfo=UTC)
    assert report.values == {
        "accession_number": "0001849056-25-000008",
        "form": "8-K",
        "items": "2.02 9.01",
        "issuer_cik": "0001849056",
        "issuer_name": "Oklo Inc.",
        "title": "Current report: Results of Operations and Financial Condition; "
        "Financial Statements and Exhibits",
        "url": "https://www.sec.gov/Archives/edgar/data/1849056/000184905625000008/"
        "0001849056-25-000008-index.htm",
        "filed_on": date(2025, 8, 11),
    }
    assert delisting.values["issuer_name"] == "AltC Acquisition Corp."


@pytest.mark.parametrize(
    ("form", "items", "title"),
    [
        ("8-K/A", ["5.02"], "Current report (amended): Departure or Election of Directors or "
                            "Officers"),
        ("8-K", ["9.99"], "Current report: Item 9.99"),
        ("25-NSE", [], "Removal from listing, by the exchange"),
        ("IRANNOTICE", [], "IRANNOTICE"),
    ],
)  # fmt: skip
def test_a_title_says_what_is_known_and_makes_nothing_up(
    form: str, items: list[str], title: str
) -> None:
    assert title_of(form, items) == title


def at(*told: str, accepted: dict[int, str] | None = None) -> list[str]:
    """True times, in New York, of rows told newest first."""
    rows = [a_row(text, number) for number, text in enumerate(told)]
    known = {
        rows[place].accession_number: datetime.fromisoformat(text).replace(tzinfo=UTC)
        for place, text in (accepted or {}).items()
    }
    return [f"{t.astimezone(NEW_YORK):%m-%d %H:%M}" for t in true_times(rows, known)]


def test_without_a_proof_the_z_is_believed() -> None:
    assert at("2025-09-24T16:30:00") == ["09-24 12:30"]


def test_an_hour_at_which_edgar_is_closed_shows_a_false_z() -> None:
    assert at("2025-09-24T16:30:00", "2025-09-23T06:01:00") == ["09-24 16:30", "09-23 06:01"]


def test_an_hour_that_only_utc_explains_shows_a_true_one() -> None:
    assert at("2025-09-24T16:30:00", "2025-09-23T22:40:00") == ["09-24 12:30", "09-23 18:40"]


def test_a_list_that_changes_its_clock_is_read_row_by_row_from_the_nearest_proof() -> None:
    told = at(
        "2025-09-24T16:30:00", "2025-09-24T07:00:00",
        "2025-09-10T16:30:00", "2025-09-09T16:30:00", "2025-09-09T23:00:00",
    )  # fmt: skip
    assert told == ["09-24 16:30", "09-24 07:00", "09-10 16:30", "09-09 12:30", "09-09 19:00"]


def test_the_header_of_a_filing_proves_it_for_its_neighbours_and_across_dst() -> None:
    told = at("2025-03-10T16:30:00", "2025-03-07T16:30:00", accepted={0: "2025-03-10T20:30:00"})
    assert told == ["03-10 16:30", "03-07 16:30"]


def test_what_the_sec_writes_at_night_proves_nothing() -> None:
    rows = [a_row("2025-09-24T16:30:00", 1), a_row("2025-09-23T04:15:00", 2, form="EFFECT")]
    assert true_times(rows, {})[0] == rows[0].told_at


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"[]", b"{}", a_list(filings={"recent": {}}),
        a_list(("8-K", "yesterday", "2025-08-11", "")),
        a_list(("8-K", "2025-08-11T20:15:00.000Z", "soon", "")),
        a_list(filings={"recent": {"accessionNumber": ["1"], "form": [], "items": [],
                                   "acceptanceDateTime": [], "filingDate": []}}),
    ],
)  # fmt: skip
def test_what_is_no_whole_list_is_refused(body: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="no list of a company's filings"):
        read_submissions(body, where="x")


@needs_recorded
@pytest.mark.parametrize(
    ("cik", "form", "told", "new_york"),
    [
        ("0000320193", "8-K", "2026-01-29T16:30:33", "16:30"),  # Apple tells its quarter at 16:30
        ("0000789019", "8-K", "2026-01-28T21:04:38", "16:04"),
    ],
)
def test_recorded_lists_of_both_sorts_give_the_hour_at_which_the_news_came(
    cik: str, form: str, told: str, new_york: str
) -> None:
    body = gzip.decompress((RECORDED / "submissions" / f"CIK{cik}.json.gz").read_bytes())
    company = read_submissions(body, where=cik)
    times = zip(company.filings, true_times(company.filings, {}), strict=True)

    (found,) = [
        at.astimezone(NEW_YORK)
        for filed, at in times
        if filed.form == form and filed.told_at.isoformat().startswith(told)
    ]
    assert f"{found:%H:%M}" == new_york
