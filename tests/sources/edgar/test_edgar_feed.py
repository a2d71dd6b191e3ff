"""The list of latest filings: what an entry says, and what is no news."""

import re
from datetime import UTC, datetime

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.feed import Role, filings, read_feed
from bot.sources.edgar.listing_json import parse_feed_file
from tests.sources.edgar.recorded import expected, fixture, needs_recorded, recorded

PAGES = {name: counts for name, counts in expected("getcurrent").items() if "*" not in name}
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">'


def test_only_the_forms_asked_for_are_taken_and_prefixes_are_not() -> None:
    page = read_feed(fixture("feed.xml"), where="feed")
    assert [entry.form for entry in page.entries] == ["4", "4", "4/A", "3"]
    assert page.listed == 7
    only_4 = read_feed(fixture("feed.xml"), where="feed", forms={"4", "4/A"})
    assert [entry.form for entry in only_4.entries] == ["4", "4", "4/A"]


def test_an_entry_is_read_with_its_party_and_its_acceptance_in_utc() -> None:
    first, second, *_ = read_feed(fixture("feed.xml"), where="feed").entries
    assert (first.company, first.cik, first.role) == ("NÚÑEZ JOSÉ", "0009000001", Role.REPORTING)
    assert first.at == datetime(2025, 12, 12, 23, 2, 43, tzinfo=UTC)
    assert second.company == "Sm&th - Sons (Holdings), Inc."
    assert second.role is Role.ISSUER


def test_the_full_text_is_beside_the_page_an_entry_links_to() -> None:
    first, _, relative, unlinked = read_feed(fixture("feed.xml"), where="feed").entries
    assert first.text_url == (
        "https://www.sec.gov/Archives/edgar/data/9000001/000900000125000001/"
        "0009000001-25-000001.txt"
    )
    folder = "/Archives/edgar/data/9000004/000900000425000001/"
    assert relative.text_url == f"{folder}0009000004-25-000001.txt"
    assert unlinked.text_url == (
        "/Archives/edgar/data/9000005/000900000425000002/0009000004-25-000002.txt"
    )


def test_summer_and_winter_time_are_told_apart_by_the_offset() -> None:
    unlinked = read_feed(fixture("feed.xml"), where="feed").entries[-1]
    assert unlinked.at == datetime(2025, 7, 1, 22, 2, 39, tzinfo=UTC)


def test_an_instant_without_a_zone_is_not_guessed_but_told() -> None:
    page = read_feed(fixture("feed.xml"), where="feed")
    assert page.unread == ("entry 7: no acceptance time with a time zone",)


def test_a_filing_of_two_parties_is_one_filing_and_its_issuer_stands_for_it() -> None:
    page = read_feed(fixture("feed.xml"), where="feed")
    chosen = list(filings(page.entries))
    assert [entry.accession_number[-9:] for entry in chosen] == [
        "25-000001", "25-000001", "25-000002",
    ]  # fmt: skip
    assert chosen[0].role is Role.ISSUER


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"<!DOCTYPE html>\n<html><title>SEC.gov | File Unavailable</title></html>",
        b"<!-- x --><html></html>",
        ATOM + b"</feed>",
        ATOM + b"<entry><title>4 - DOE",
        b"<?xml version='1.0' ?>\n" + ATOM,
    ],
)
def test_a_page_that_may_be_whole_next_time_is_unavailable(body: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        read_feed(body, where="feed")


@pytest.mark.parametrize(
    "body",
    [
        b"<Error><Code>AccessDenied</Code></Error>",
        b"<feed><entry/></feed>",
        ATOM + b"<entry><title>4 - no category</title></entry></feed>",
        b'<!DOCTYPE feed [<!ENTITY a "aaaa">]>' + ATOM + b"<entry>&a;</entry></feed>",
        b'<!DOCTYPE feed SYSTEM "http://127.0.0.1/x">' + ATOM + b"</feed>",
        ATOM + b"<entry><a></b></entry></feed>",
        b'<?xml version="1.0" encoding="no-such"?>' + ATOM + b"</feed>",
        b'{"not": "xml"}',
    ],
)
def test_another_document_is_unreadable_and_never_no_news(body: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        read_feed(body, where="feed")


def test_a_later_page_may_be_empty() -> None:
    assert read_feed(ATOM + b"</feed>", where="feed", start=100).listed == 0


CATEGORY = re.compile(rb"<category[^>]*>")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (CATEGORY, "it does not say its form"),
        (re.compile(rb"<updated>[^<]*</updated>(?=\s*<category)"), "no acceptance time"),
        (re.compile(rb"<id>urn[^<]*</id>|<link[^>]*-index[^>]*>"), "no accession number"),
    ],
)
def test_one_bad_entry_is_left_out_and_told_and_the_others_are_read(
    what: re.Pattern[bytes], told: str
) -> None:
    first, *others = fixture("feed.xml").split(b"<entry>")[1:]
    head = fixture("feed.xml").split(b"<entry>")[0]
    body = b"<entry>".join([head, what.sub(b"", first), *others])

    page = read_feed(body, where="feed")

    whole = read_feed(fixture("feed.xml"), where="feed")
    assert page.entries == whole.entries[1:]
    assert page.unread[0].startswith(f"entry 1: {told}")
    assert page.listed == whole.listed


@pytest.mark.parametrize("instant", ["", "soon", "2025-07-01", "0001-01-01T00:00:00+14:00"])
def test_an_instant_that_is_none_is_told(instant: str) -> None:
    body = re.sub(
        rb"<updated>[^<]*</updated>(?=\s*<category)",
        f"<updated>{instant}</updated>".encode(),
        fixture("feed.xml"),
        count=1,
    )
    assert read_feed(body, where="feed").unread[0].startswith("entry 1: no acceptance time")


@pytest.mark.parametrize("what", [CATEGORY, re.compile(rb"<updated>[^<]*</updated>")])
def test_a_page_on_which_no_entry_can_be_read_is_a_new_shape_and_an_error(
    what: re.Pattern[bytes],
) -> None:
    head, entry, *_ = fixture("feed.xml").split(b"<entry>")
    body = what.sub(b"", b"<entry>".join([head, *[entry] * 12]) + b"</feed>")
    with pytest.raises(SourceUnreadable, match="new shape"):
        read_feed(body, where="feed", forms={"4"})


def test_entries_that_contradict_themselves_are_told() -> None:
    body = fixture("feed.xml").replace(
        b"accession-number=0009000004-25-000001", b"accession-number=0009000004-25-000009"
    )
    assert (
        read_feed(body, where="feed")
        .unread[0]
        .startswith("entry 4: it names 0009000004-25-000009 and links to")
    )


def test_the_json_of_a_page_has_each_filing_once_with_its_acceptance() -> None:
    body = fixture("feed.xml").replace(b"T18:02:38</updated>", b"T18:02:38-05:00</updated>")
    told = parse_feed_file("a.xml", body)
    assert told["file"] == "a.xml"
    assert told["ok"] is True
    assert [tuple(entry.values()) for entry in told["entries"]] == [
        ("0009000001-25-000001", "4", "2025-12-12T23:02:43Z"),
        ("0009000004-25-000001", "4/A", "2025-12-12T23:02:41Z"),
        ("0009000004-25-000002", "3", "2025-07-01T22:02:39Z"),
        ("0009000006-25-000001", "5", "2025-12-12T23:02:38Z"),
    ]


def test_the_json_of_a_page_that_is_none_tells_why() -> None:
    told = parse_feed_file("a.xml", b"<html></html>")
    assert told["ok"] is False
    assert "a web page stands where" in told["error"]


@needs_recorded
@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_is_read_to_the_counts_known_of_it(name: str) -> None:
    page = read_feed(recorded(f"getcurrent/{name}"), where=name)
    form_4 = [entry for entry in page.entries if entry.form in ("4", "4/A")]
    counts = PAGES[name]
    assert page.listed == counts["entries"]
    assert len(form_4) == counts["form4_entries"]
    assert len(list(filings(form_4))) == counts["form4_accessions"]
    assert page.updated == datetime.fromisoformat(counts["feed_updated"])
    assert page.oldest_at == datetime.fromisoformat(counts["oldest"])
    assert page.unread == ()
    assert all(entry.role and entry.cik and entry.company for entry in page.entries)


@needs_recorded
def test_a_recorded_run_of_pages_holds_the_filings_known_of_it() -> None:
    found = {
        entry.accession_number
        for name in PAGES
        if name.startswith("type4-2025-12-12/")
        for entry in read_feed(recorded(f"getcurrent/{name}"), where=name).entries
        if entry.form in ("4", "4/A")
    }
    assert len(found) == 1579
