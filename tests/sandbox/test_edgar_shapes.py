"""What the EDGAR on loopback writes, against the bytes that the real one served."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest

from bot.clock import NEW_YORK
from bot.sandbox.edgar_documents import daily_index, directory, full_index, submissions
from bot.sandbox.edgar_feed import entry, feed_page
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import Party, Publication, publication_from, publications_in
from bot.sandbox.edgar_replies import access_denied, over_the_rate, unavailable, undeclared
from bot.sources.edgar.answers import Due, read_answer
from bot.sources.edgar.ownership import read_filing
from tests.sandbox.visitor import visiting
from tests.sources.edgar.recorded import RECORDED, needs_recorded, recorded

_ENTRY = re.compile(
    r"<entry>\n<title>(?P<form>\S+(?: \S+)?) - (?P<name>[^\n]*) \((?P<cik>\d{10})\) "
    r"\((?P<role>[^()\n]*)\)</title>.*?<b>AccNo:</b> (?P<accession>\S+) <b>Size:</b> "
    r"(?P<size>\d+) (?P<unit>\w+)\n.*?<updated>(?P<at>[^<]+)<.*?</entry>\n",
    re.DOTALL,
)
_ROW = re.compile(
    rb"(?P<form>\S+(?: \S+)*) {2,}(?P<name>\S.*?) {2,}(?P<cik>\d+) +(?P<day>[\d-]{8,10}) +"
    rb"edgar/data/\d+/(?P<accession>[\d-]{20})\.txt *\n"
)
FEEDS = sorted(
    path.relative_to(RECORDED).as_posix()
    for path in (*RECORDED.glob("getcurrent/type4-*/*"), *RECORDED.glob("getcurrent/captures/4-*"))
)


def publication(form: str, accession: str, at: datetime, size: int = 0) -> Publication:
    return Publication(
        accession_number=accession, form=form, accepted_at=at, parties=(), body=bytes(size),
        document="x.htm",
    )  # fmt: skip


def entries_again(page: str) -> Iterator[bytes]:
    """The entries of a recorded page, written anew from what they tell."""
    for match in _ENTRY.finditer(unescape(page)):
        unit = 1024 if match["unit"] == "KB" else 1_048_576
        filing = publication(
            match["form"],
            match["accession"],
            datetime.fromisoformat(match["at"]),
            int(match["size"]) * unit,
        )
        yield entry(filing, Party(cik=match["cik"], name=match["name"], role=match["role"]))


@needs_recorded
@pytest.mark.parametrize("name", FEEDS)
def test_a_recorded_page_of_the_feed_is_written_again_byte_for_byte(name: str) -> None:
    body = recorded(name)
    page = body.decode("iso-8859-1")
    made = re.search(r"<updated>([^<]+)<", page)

    assert made
    again = feed_page(datetime.fromisoformat(made[1]), entries_again(page))

    assert again.decode("iso-8859-1") == page


def rows_again(body: bytes) -> list[Publication]:
    found = []
    for match in _ROW.finditer(body):
        day = date.fromisoformat(match["day"].decode())
        party = Party(cik=f"{int(match['cik']):010d}", name=match["name"].decode(), role="Filer")
        found.append(
            Publication(
                accession_number=match["accession"].decode(),
                form=match["form"].decode(),
                accepted_at=datetime.combine(day, time(12), NEW_YORK),
                parties=(party,),
                body=b"",
                document="x.htm",
            )
        )
    return found


@needs_recorded
def test_a_recorded_index_of_a_day_is_written_again_byte_for_byte() -> None:
    body = recorded("index/form.20260727.first-60kB.idx")
    whole = body[: body.rindex(b"\n") + 1]

    again = daily_index(date(2026, 7, 27), rows_again(whole))

    assert again.splitlines() == whole.splitlines()


@needs_recorded
def test_recorded_rows_of_a_quarters_index_are_written_again() -> None:
    whole = recorded("index/full-index-sample.form.2021QTR1.idx") + b"\n"

    again = full_index(date(2021, 3, 31), rows_again(whole))

    assert again.splitlines()[9:] == whole.splitlines()[9:]


@needs_recorded
def test_the_header_of_an_empty_index_is_the_recorded_one() -> None:
    recorded_lines = recorded("index/empty.form.idx").splitlines()

    again = full_index(date(2025, 3, 29), []).splitlines()

    assert [line.strip() for line in again] == [line.strip() for line in recorded_lines]


@needs_recorded
@pytest.mark.parametrize(
    ("page", "name"),
    [
        (undeclared(), "403-undeclared-automated-tool.html"),
        (over_the_rate(), "request-rate-threshold-exceeded.html"),
        (unavailable(), "503-file-unavailable-getcurrent-start-5100.html"),
        (access_denied(), "403-s3-access-denied-missing-index.xml"),
    ],
)
def test_a_refusal_means_what_the_recorded_one_means(page: Any, name: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    ours = read_answer(page.status, {}, page.body, due=Due.FEED, now=now)
    real = read_answer(page.status, {}, recorded(f"errors/{name}"), due=Due.FEED, now=now)

    assert ours.meaning is real.meaning
    assert ours.detail.split(" / ")[0] == real.detail.split(" / ")[0]


@needs_recorded
@pytest.mark.parametrize("name", ["CIK0000320193", "CIK0001771340", "CIK0000350001"])
def test_submissions_have_the_recorded_columns(name: str) -> None:
    real = json.loads(recorded(f"submissions/{name}.json.gz"))
    party = Party(cik=real["cik"], name=real["name"], role="Issuer")

    ours = json.loads(submissions(party, [], recent=10, tickers=[]))

    assert list(ours) == list(real)
    assert list(ours["filings"]["recent"]) == list(real["filings"]["recent"])


@needs_recorded
def test_a_directory_is_listed_as_recorded() -> None:
    real = json.loads(recorded("other/directory-index-0001863328-26-000002.json"))
    filing = publication_from(recorded("xml/docs-tangney-4-0001863328-26-000002.xml"),
                              name="docs-tangney-4-0001863328-26-000002.xml")  # fmt: skip

    ours = json.loads(directory(filing, "1863328"))

    assert {k: v for k, v in ours["directory"].items() if k != "item"} == {
        k: v for k, v in real["directory"].items() if k != "item"
    }
    assert [list(item) for item in ours["directory"]["item"]] == [
        list(item) for item in real["directory"]["item"]
    ]
    assert [item["name"] for item in ours["directory"]["item"]][:3] == [
        item["name"] for item in real["directory"]["item"]
    ][:3]


@needs_recorded
def test_real_documents_are_served_from_their_folder_and_read_the_same() -> None:
    published, refused = publications_in(RECORDED / "xml")
    market = SandboxMarket(published)

    with visiting(market, at=published[-1].accepted_at + timedelta(days=1)) as visitor:
        forms = {e.form for e in visitor.feed(query="").entries}
        texts = {
            e.accession_number: visitor.get(e.text_url.removeprefix("https://www.sec.gov"))
            for e in visitor.feed(query="").entries
        }

    assert len(published) == 28
    assert not refused
    assert forms == {"3", "4", "4/A", "5"}
    assert len(texts) == 28
    for accession, answer in texts.items():
        assert read_filing(answer.content, name="").accession_number == accession


@needs_recorded
def test_submissions_of_all_styles_are_served_and_only_bare_ones_get_a_container() -> None:
    published, _ = publications_in(RECORDED / "containers")
    by_accession = {p.accession_number: p for p in published}

    air = by_accession["0001127602-25-001055"]
    archived = by_accession["0001562180-25-000280"]
    assert air.body == recorded("containers/air-garascia-4-0001127602-25-001055.txt")
    assert archived.accepted_at.astimezone(NEW_YORK).date() == date(2025, 1, 8)
    assert archived.body.startswith(b"<SEC-DOCUMENT>0001562180-25-000280.txt : 20250108\n")
    assert archived.document == "primarydocument.xml"
