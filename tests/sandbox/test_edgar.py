"""The EDGAR on loopback: what it serves, when, and to whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import Delays, SandboxMarket
from bot.sources.edgar.client import EdgarClient, NotThere
from bot.sources.edgar.feed import Role
from bot.sources.edgar.index import read_index
from bot.sources.edgar.ownership import read_filing
from tests.sandbox.visitor import AGENT, SALE_AT, oklo_of, path_of, story, the_sale, visiting
from tests.sources.edgar.local_edgar import ManualClock

MARKET = SandboxMarket.of(story())
SALE = the_sale()
INDEX = "/Archives/edgar/daily-index/2025/QTR3/form.20250924.idx"
SECOND = timedelta(seconds=1)


def test_the_feed_lists_issuer_and_owner_of_every_filing_newest_first() -> None:
    with visiting() as visitor:
        page = visitor.feed()

    newest = [entry.accession_number for entry in page.entries]
    published = [p.accession_number for p in reversed(MARKET.publications)]
    assert list(dict.fromkeys(newest)) == published
    assert [newest.count(each) for each in published] == [2] * len(published)
    assert {entry.role for entry in page.entries} == {Role.ISSUER, Role.REPORTING}
    assert page.unread == ()


def test_a_filing_is_listed_at_its_acceptance_and_not_a_second_before() -> None:
    with visiting(at=SALE_AT - SECOND) as visitor:
        before = visitor.feed()
        visitor.clock.advance(1)
        after = visitor.feed()

    assert SALE.accession_number not in [e.accession_number for e in before.entries]
    assert after.entries[0].accession_number == SALE.accession_number
    assert after.entries[0].at == after.updated == SALE_AT


def test_a_feed_that_lags_lists_a_filing_late_with_the_time_of_its_acceptance() -> None:
    market = SandboxMarket.of(story(), delays=Delays(feed=40 * SECOND))

    with visiting(market, at=SALE_AT + 39 * SECOND) as visitor:
        early = visitor.feed()
        visitor.clock.advance(1)
        listed = visitor.feed()

    assert early.entries[0].at < SALE_AT
    assert listed.entries[0].at == SALE_AT


@pytest.mark.parametrize(("asked", "given"), [(10, 10), (20, 20), (100, 22), (7, 22), (0, 22)])
def test_a_page_has_one_of_the_sizes_that_edgar_offers(asked: int, given: int) -> None:
    with visiting() as visitor:
        assert visitor.feed(count=asked).listed == given


def test_pages_follow_on_one_another_and_end_with_an_empty_one() -> None:
    with visiting() as visitor:
        whole = visitor.feed().entries
        paged = [e for start in (0, 10, 20) for e in visitor.feed(start=start, count=10).entries]
        after_the_last = visitor.feed(start=22)

    assert tuple(paged) == whole
    assert after_the_last.listed == 0


def test_what_arrives_between_two_pages_repeats_the_rows_that_it_pushed_down() -> None:
    with visiting(at=SALE_AT - SECOND) as visitor:
        first = visitor.feed(count=10).entries
        visitor.clock.advance(1)
        second = visitor.feed(start=10, count=10).entries

    assert second[:2] == first[-2:]


def test_a_start_beyond_5000_is_answered_by_a_page_of_unavailability() -> None:
    query = "/cgi-bin/browse-edgar?action=getcurrent&type=4&output=atom&start="
    with visiting() as visitor:
        assert visitor.get(query + "5000").status_code == 200
        answer = visitor.get(query + "5001")

    assert answer.status_code == 503
    assert "<title>SEC.gov | File Unavailable</title>" in answer.text


def test_a_page_is_not_to_be_kept_and_its_times_are_the_markets() -> None:
    with visiting(at=SALE_AT) as visitor:
        answer = visitor.get("/cgi-bin/browse-edgar?action=getcurrent&type=4&output=atom")

    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Date"] == "Wed, 24 Sep 2025 22:02:07 GMT"
    assert not {"ETag", "Last-Modified"} & set(answer.headers)
    assert "<title>Latest Filings - Wed, 24 Sep 2025 18:02:07 EDT</title>" in answer.text


def test_every_file_of_a_filings_folder_can_be_had() -> None:
    accession = SALE.accession_number
    with visiting() as visitor:
        text = visitor.get(path_of(SALE)).content
        page = visitor.get(path_of(SALE, f"{accession}-index.htm")).text
        listing = visitor.get(path_of(SALE, "index.json")).json()
        document = visitor.get(path_of(SALE, "form4.xml")).content
        viewer = visitor.get(path_of(SALE, "xslF345X05/form4.xml")).text
        other = visitor.get(path_of(SALE, "form5.xml")).status_code

    assert text == SALE.body
    assert read_filing(document, name="form4.xml").lines == read_filing(text, name="").lines
    assert f"{accession}.txt" in page
    assert f"{accession}.txt" in [item["name"] for item in listing["directory"]["item"]]
    assert viewer.startswith("<!DOCTYPE html>")
    assert other == 404


def test_a_filing_stands_in_the_folder_of_each_party_and_of_nobody_else() -> None:
    accession = SALE.accession_number
    agent, name = int(accession[:10]), f"{SALE.folder}/{accession}.txt"
    with visiting() as visitor:
        folders = [visitor.get(f"/Archives/edgar/data/{int(p.cik)}/{name}").status_code
                   for p in SALE.parties]  # fmt: skip
        short = visitor.get(f"/Archives/edgar/data/1849056/{accession}.txt").status_code
        of_the_agent = visitor.get(f"/Archives/edgar/data/{agent}/{name}").status_code

    assert folders == [200, 200]
    assert short == 200
    assert of_the_agent == 404


def test_a_fresh_filing_is_listed_before_its_text_is_there() -> None:
    market = SandboxMarket.of(story(), delays=Delays(text=20 * SECOND))

    with visiting(market, at=SALE_AT + 19 * SECOND) as visitor:
        listed = visitor.feed().entries[0].accession_number
        early = visitor.get(path_of(SALE)).status_code
        visitor.clock.advance(1)
        later = visitor.get(path_of(SALE)).status_code

    assert (listed, early, later) == (SALE.accession_number, 404, 200)


def test_a_withdrawn_filing_stays_listed_and_is_never_there() -> None:
    market = SandboxMarket.of(story())
    market.withdraw(SALE.accession_number)

    with visiting(market) as visitor:
        listed = {entry.accession_number for entry in visitor.feed().entries}
        indexed = read_index(visitor.get(INDEX).content, where="index").entries
        status = visitor.get(path_of(SALE)).status_code

    assert SALE.accession_number in listed & {entry.accession_number for entry in indexed}
    assert status == 404


def test_what_is_hidden_from_the_feed_stands_in_the_index() -> None:
    market = SandboxMarket.of(story())
    market.hide_from_feed(SALE.accession_number)

    with visiting(market) as visitor:
        listed = {entry.accession_number for entry in visitor.feed().entries}
        indexed = read_index(visitor.get(INDEX).content, where="index").entries

    assert SALE.accession_number not in listed
    assert [entry.accession_number for entry in indexed] == [SALE.accession_number]


def test_the_index_of_a_day_is_out_at_half_past_ten_in_the_evening() -> None:
    out = datetime(2025, 9, 25, 2, 30, tzinfo=UTC)
    with visiting(at=out - SECOND) as visitor:
        early = visitor.get(INDEX)
        visitor.clock.advance(1)
        there = visitor.get(INDEX)

    assert early.status_code == 403
    assert b"<Code>AccessDenied</Code>" in early.content
    assert read_index(there.content, where="index").rows == 2
    assert there.headers["ETag"]


@pytest.mark.parametrize(
    "name",
    [
        "2025/QTR3/form.20250927.idx",  # a Saturday
        "2025/QTR3/form.20250901.idx",  # Labor Day
        "2025/QTR4/form.20250924.idx",  # another quarter
        "2025/QTR3/form.20250931.idx",
        "2025/QTR4/form.20251231.idx",  # not yet
        "2025/QTR3/master.20250924.idx",
    ],
)
def test_an_index_that_is_not_there_is_denied_and_not_missing(name: str) -> None:
    with visiting() as visitor:
        answer = visitor.get(f"/Archives/edgar/daily-index/{name}")

    assert answer.status_code == 403
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Error>')


def test_a_business_day_without_filings_has_an_index_without_rows() -> None:
    with visiting() as visitor:
        body = visitor.get("/Archives/edgar/daily-index/2025/QTR3/form.20250702.idx").content

    assert read_index(body, where="index").rows == 0


def test_the_index_of_a_quarter_ends_at_the_last_saturday() -> None:
    path = "/Archives/edgar/full-index/2025/QTR3/form.idx"
    with visiting(at=datetime(2025, 9, 26, 23, tzinfo=UTC)) as visitor:
        on_friday = read_index(visitor.get(path).content, where="index")
        visitor.clock.advance(24 * 3600)
        on_saturday = read_index(visitor.get(path).content, where="index")
        before = visitor.get("/Archives/edgar/full-index/2025/QTR4/form.idx").status_code

    assert len(on_saturday.entries) - len(on_friday.entries) == 3
    assert max(entry.filed_on for entry in on_saturday.entries) == date(2025, 9, 26)
    assert before == 403


def test_an_index_is_not_sent_again_to_whom_has_it() -> None:
    with visiting() as visitor:
        etag = visitor.get(INDEX).headers["ETag"]
        again = visitor.get(INDEX, If_None_Match=etag)

    assert (again.status_code, again.content) == (304, b"")


def test_the_filings_of_a_company_come_with_a_lag_and_older_ones_apart() -> None:
    market = SandboxMarket.of(story(), delays=Delays(submissions=timedelta(minutes=3)))
    path = "/submissions/CIK0001849056"
    with visiting(market, at=oklo_of(market)[-1].accepted_at, recent=3) as visitor:
        early = visitor.get(f"{path}.json").json()
        visitor.clock.advance(180)
        later = visitor.get(f"{path}.json").json()
        older = visitor.get(f"{path}-submissions-001.json").json()

    newest_first = [p.accession_number for p in reversed(oklo_of(market))]
    assert early["filings"]["recent"]["accessionNumber"] == newest_first[1:4]
    assert later["filings"]["recent"]["accessionNumber"] == newest_first[:3]
    assert later["filings"]["files"][0]["name"] == "CIK0001849056-submissions-001.json"
    assert older["accessionNumber"] == newest_first[3:]
    assert older["acceptanceDateTime"][0] == "2025-09-03T20:44:07.000Z"


def test_the_filings_of_a_person_can_be_had_and_those_of_nobody_can_not() -> None:
    with visiting() as visitor:
        person = visitor.get("/submissions/CIK0009000021.json").json()
        nobody = visitor.get("/submissions/CIK0000000007.json").status_code

    assert person["filings"]["recent"]["primaryDocument"] == ["xslF345X05/form4.xml"] * 6
    assert nobody == 404


def test_symbols_are_mapped_as_plain_ones() -> None:
    with visiting() as visitor:
        table = visitor.get("/files/company_tickers_exchange.json").json()
        objects = visitor.get("/files/company_tickers.json").json()

    symbols = {row[2]: row[0] for row in table["data"]}
    assert symbols == {"OKLO": 1849056, "HLB-A": 9000002}
    assert {row["ticker"]: row["cik_str"] for row in objects.values()} == symbols


def test_the_bots_own_client_is_served() -> None:
    with visiting() as visitor, _client(visitor.edgar) as client:
        assert client.filing_text(path_of(SALE)) == SALE.body
        assert client.daily_index(date(2025, 9, 27)) is None
        with pytest.raises(NotThere):
            client.filing_text(path_of(SALE).replace("0009999999", "0009999911"))


def _client(edgar: SandboxEdgar) -> EdgarClient:
    clock = ManualClock()
    return EdgarClient(
        contact=AGENT, clock=clock, sleep=clock.sleep, www_url=edgar.url, data_url=edgar.url
    )


def test_the_back_fills_library_downloads_from_it(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sec_edgar_downloader import _orchestrator, _sec_gateway
    from sec_edgar_downloader._Downloader import Downloader

    gateway, orchestrator = cast(Any, _sec_gateway), cast(Any, _orchestrator)
    with visiting() as visitor:
        url = visitor.edgar.url
        for module, name, value in (
            (gateway, "URL_CIK_MAPPING", f"{url}/files/company_tickers_exchange.json"),
            (gateway, "HOST_WWW_SEC", url.split("//")[1]),
            (gateway, "HOST_DATA_SEC", url.split("//")[1]),
            (orchestrator, "URL_SUBMISSIONS", url + "/submissions/{submission}"),
            (orchestrator, "URL_FILING",
             url + "/Archives/edgar/data/{cik}/{acc_num_no_dash}/{document}"),
        ):  # fmt: skip
            monkeypatch.setattr(module, name, value)
        count = Downloader("Jane Doe", "jane@example.org", tmp_path).get(
            "4", "OKLO", after="2025-09-01", before="2025-09-25", download_details=True
        )

    folder = tmp_path / "sec-edgar-filings" / "OKLO" / "4"
    accessions = [p.accession_number for p in oklo_of(MARKET)[1:4]]
    assert count == 3
    assert sorted(p.name for p in folder.iterdir()) == accessions
    assert (folder / accessions[1] / "full-submission.txt").read_bytes() == SALE.body
    assert b"<ownershipDocument>" in (folder / accessions[1] / "primary-document.xml").read_bytes()
