"""Indexes of all layouts, read from the right end of each row."""

import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.index import read_index
from bot.sources.edgar.listing_json import parse_index_file
from tests.sources.edgar.recorded import expected, fixture, needs_recorded, recorded

INDEXES = expected("index")
LAYOUTS = {
    "form-wide.idx": 9,
    "form-narrow-crlf.idx": 8,
    "company.idx": 9,
    "crawler.idx": 8,
    "master.idx": 9,
}
WHOLE = fixture("form-wide.idx")


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_filings(name: str) -> None:
    index = read_index(fixture(name), where=name)
    assert index.rows == LAYOUTS[name]
    assert index.complete
    assert [(e.accession_number, e.form, e.cik) for e in index.entries] == [
        ("0009320193-26-000045", "4", "0009214156"),
        ("0009555001-26-000007", "4/A", "0009555001"),
        ("0009555001-26-000008", "3", "0009555009"),
        ("0009000005-26-000001", "5", "0009000005"),
    ]
    assert {entry.filed_on for entry in index.entries} == {date(2026, 7, 16)}
    assert index.entries[0].path == "edgar/data/9214156/0009320193-26-000045.txt"
    assert index.entries[0].paths == (
        "edgar/data/9214156/0009320193-26-000045.txt",
        "edgar/data/9320193/0009320193-26-000045.txt",
    )


@pytest.mark.parametrize("name", ["form-wide.idx", "company.idx"])
def test_digits_and_blanks_in_a_company_name_stay_in_it(name: str) -> None:
    companies = [entry.company for entry in read_index(fixture(name), where=name).entries]
    assert companies == [
        "DOE JANE",
        "TRUST 4 20200318 FUND",
        "3 4 5 HOLDINGS",
        "A NAME THAT IS SO LONG THAT IT RUNS OVER THE END OF ITS COLUMN",
    ]


def test_other_forms_can_be_asked_for() -> None:
    index = read_index(WHOLE, where="index", forms={"424B2", "SCHEDULE 13G/A"})
    assert [entry.form for entry in index.entries] == ["424B2", "SCHEDULE 13G/A"]


def test_a_header_without_rows_is_a_whole_index_of_nothing() -> None:
    header = WHOLE[: WHOLE.index(b"1-A POS")]
    index = read_index(header, where="index")
    assert (index.rows, index.entries, index.complete) == (0, (), True)


def test_a_last_row_without_its_line_end_is_whole() -> None:
    assert read_index(WHOLE.rstrip(), where="index") == read_index(WHOLE, where="index")


@given(st.integers(min_value=WHOLE.index(b"1-A POS") + 1, max_value=len(WHOLE.rstrip()) - 1))
def test_wherever_an_index_is_cut_its_whole_rows_are_read_and_no_other(length: int) -> None:
    cut = WHOLE[:length]
    last_line = cut.rsplit(b"\n", 1)[-1]
    is_whole = not last_line.strip() or last_line.rstrip().endswith(b".txt")
    index = read_index(cut, where="index")
    assert index.rows == cut.count(b".txt")
    assert index.complete is is_whole


def test_a_row_in_no_layout_is_told_and_the_others_are_read() -> None:
    body = WHOLE.replace(b"edgar/data/9555001/0009555001-26-000007.txt", b"edgar/data/9555001/0009")
    index = read_index(body, where="index")
    assert not index.complete
    assert len(index.entries) == 3


def test_a_day_that_does_not_exist_makes_its_row_unread() -> None:
    assert len(read_index(WHOLE.replace(b"20260716", b"20260230", 1), where="index").unread) == 1


@pytest.mark.parametrize("body", [b"", b"\n \n", b"<!DOCTYPE html><html></html>"])
def test_what_may_be_an_index_next_time_is_unavailable(body: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        read_index(body, where="index")


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        b"Form Type   Company Name\nno ruler\n",
        b"no header\n" + b"-" * 80 + b"\n",
        WHOLE[: WHOLE.index(b"1-A POS")] + b"a line\nanother line\n",
    ],
)
def test_what_is_no_index_is_unreadable(body: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        read_index(body, where="index")


def test_the_json_of_an_index_has_each_filing_once_with_its_day() -> None:
    told = parse_index_file("form.idx", WHOLE)
    assert told["ok"] is True
    assert told["complete"] is True
    assert told["entries"][0] == {
        "accession_number": "0009320193-26-000045",
        "form": "4",
        "at": "2026-07-16",
    }
    assert len(told["entries"]) == 4


def test_a_packed_index_says_the_same_and_a_broken_one_says_so() -> None:
    packed = gzip.compress(WHOLE)
    assert parse_index_file("form.idx", packed) == parse_index_file("form.idx", WHOLE)
    told = parse_index_file("form.idx", packed[:-40])
    assert told["ok"] is False
    assert "cannot be unpacked" in told["error"]


@needs_recorded
@pytest.mark.parametrize("name", INDEXES)
def test_a_recorded_index_is_read_to_the_counts_known_of_it(name: str) -> None:
    index = read_index(recorded(f"index/{name}"), where=name, forms={"4", "4/A"})
    assert index.rows == INDEXES[name]["rows"]
    assert len(index.entries) == INDEXES[name]["form4_accessions"]
    assert index.complete is ("first-60kB" not in name)


@needs_recorded
def test_two_layouts_of_one_recorded_day_list_the_same_filings() -> None:
    by_company = read_index(recorded("index/company.20230703.idx.gz"), where="company")
    by_crawler = read_index(recorded("index/crawler.20230703.idx.gz"), where="crawler")
    assert by_company == by_crawler
