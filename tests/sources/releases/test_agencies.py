"""What the BLS and the BEA answer: slots that are watched, publications that have come."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.releases.agency import Agency
from bot.sources.releases.bea import Bea, read_dates
from bot.sources.releases.bls import Bls, read_releases
from tests.releases.agencies import Planned, looking, ny

ARCHIVE = "https://www.bls.gov/news.release/archives"


def test_only_watched_releases_have_slots() -> None:
    plan = [
        Planned("Consumer Price Index", ny("2025-10-15 08:30")),
        Planned("Employment Situation of Veterans", ny("2025-10-16 10:00")),
        Planned("Gross Domestic Product", ny("2025-10-30 08:30")),
        Planned("Gross Domestic Product by State", ny("2025-10-31 08:30")),
    ]
    with looking("2025-10-10 08:00", plan) as held:
        agencies: list[Agency] = [
            Bls(held.client, url=held.server.url),
            Bea(held.client, url=held.server.url),
        ]
        slots = [agency.slots() for agency in agencies]

    assert [[slot.key for slot in each] for each in slots] == [
        ["BLS: Consumer Price Index: 2025-10-15T12:30:00.000Z"],
        ["BEA: Gross Domestic Product: 2025-10-30T12:30:00.000Z"],
    ]


def test_releases_of_a_feed_are_those_of_its_name_by_the_day_in_their_address() -> None:
    rss = f"""<rss version="2.0"><channel>
      <item><link>{ARCHIVE}/cpi_10242025.htm</link></item>
      <item><link>{ARCHIVE}/cpi_09112025.htm</link><guid>{ARCHIVE}/cpi_09112025.htm</guid></item>
      <item><link>{ARCHIVE}/realer_09112025.htm</link></item>
      <item><link>{ARCHIVE}/cpi_13452025.htm</link></item>
      </channel></rss>"""

    found = read_releases(rss.encode(), "cpi", where="cpi.rss")

    assert [(each.day, each.url, each.at) for each in found] == [
        (date(2025, 9, 11), f"{ARCHIVE}/cpi_09112025.htm", None),
        (date(2025, 10, 24), f"{ARCHIVE}/cpi_10242025.htm", None),
    ]


def test_an_atom_feed_is_read_as_well() -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>CPI</title>
      <link rel="alternate" href="{ARCHIVE}/cpi_10242025.htm"/></entry></feed>"""

    assert [each.day for each in read_releases(atom.encode(), "cpi", where="x")] == [
        date(2025, 10, 24)
    ]


def test_half_a_feed_is_worth_another_try_and_one_without_releases_is_not_silence() -> None:
    with pytest.raises(SourceUnavailable, match="not whole"):
        read_releases(b"<rss><channel><item>", "cpi", where="cpi.rss")
    with pytest.raises(SourceUnreadable, match="cpi_MMDDYYYY"):
        read_releases(b"<rss><channel/></rss>", "cpi", where="cpi.rss")


def test_a_feed_that_declares_a_document_type_is_refused() -> None:
    body = b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>'

    with pytest.raises(SourceUnreadable, match="document type"):
        read_releases(body, "cpi", where="cpi.rss")


def test_dates_are_read_once_each_and_only_with_their_zone() -> None:
    body = b"""\xef\xbb\xbf{"file_last_updated": "2026-09-01",
      "Gross Domestic Product": {"release_dates": ["2026-10-29T12:30:00+00:00",
        "2026-10-29T08:30:00-04:00", "2026-11-25T08:30:00", "soon", null]},
      "Other": {"release_dates": null}}"""

    assert read_dates(body, where="x")["Gross Domestic Product"] == (
        datetime(2026, 10, 29, 12, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"a": {"release_dates": []}}', b'{"a": 1}'])
def test_a_list_without_dates_is_no_empty_plan(body: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="no date"):
        read_dates(body, where="release_dates.json")


@pytest.mark.parametrize("body", [b"", b"<html>maintenance</html>", b'{"a": {"release_da'])
def test_something_else_than_json_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        read_dates(body, where="release_dates.json")
