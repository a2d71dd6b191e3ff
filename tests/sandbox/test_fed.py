"""The local Federal Reserve: what it serves at its time, with the traps of the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import pytest

from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_record import FedRecord, Revision, eastern
from bot.sandbox.fed_story import DECIDED, released_again, statement_text, story
from bot.sources.fed.archives import PRESS, SPEECHES, read_archive
from bot.sources.fed.calendar import read_calendar, read_meetings
from bot.sources.fed.feeds import read_feed

STATEMENT = "/newsevents/pressreleases/monetary20250917a.htm"
SECOND = timedelta(seconds=1)


class World:
    def __init__(self, fed: SandboxFed, clock: SandboxClock) -> None:
        self.url, self.faults, self.clock = fed.url, fed.faults, clock


@contextmanager
def a_fed(at: datetime, record: FedRecord | None = None) -> Iterator[World]:
    clock = SandboxClock(start=at, speed=0)
    with SandboxFed(record or story(), clock) as fed:
        yield World(fed, clock)


def get(fed: World, path: str) -> httpx.Response:
    return httpx.get(fed.url + path)


def test_a_statement_stands_at_its_address_from_the_second_of_its_release() -> None:
    with a_fed(DECIDED - SECOND) as fed:
        before = get(fed, STATEMENT).status_code
        fed.clock.advance(SECOND)
        after = get(fed, STATEMENT)

    assert (before, after.status_code) == (404, 200)
    assert "to 4 to 4‑1/4 percent" in after.text


def test_the_feed_names_a_release_later_than_its_page_is_there() -> None:
    with a_fed(DECIDED + 44 * SECOND) as fed:
        early = read_feed(get(fed, "/feeds/press_all.xml").content, where="press_all")
        fed.clock.advance(SECOND)
        late = read_feed(get(fed, "/feeds/press_all.xml").content, where="press_all")

    slugs = {item.slug for item in late.items} - {item.slug for item in early.items}
    assert slugs == {"monetary20250917a", "monetary20250917b"}


def test_feed_and_archive_tell_the_same_link_title_and_instant() -> None:
    with a_fed(eastern(2025, 10, 1)) as fed:
        feed = read_feed(get(fed, "/feeds/press_all.xml").content, where="press_all").items
        archive = read_archive(get(fed, "/json/ne-press.json").content, name=PRESS)

    told = {item.key: (item.link, item.title, item.published_at) for item in archive}
    assert {item.key: (item.link, item.title, item.published_at) for item in feed} == told


def test_speeches_have_a_surname_in_the_feed_and_speaker_and_venue_in_the_archive() -> None:
    with a_fed(eastern(2025, 10, 1)) as fed:
        (first, *_) = read_feed(get(fed, "/feeds/speeches.xml").content, where="speeches").items
        (row, *_) = read_archive(get(fed, "/json/ne-speeches.json").content, name=SPEECHES)

    assert first.title == "Powell, Economic Outlook"
    assert (row.speaker, row.title) == ("Chair Jerome H. Powell", "Economic Outlook")


def test_calendar_and_page_of_meetings_tell_the_same_days() -> None:
    with a_fed(eastern(2025, 9, 1)) as fed:
        events = read_calendar(get(fed, "/json/calendar.json").content)
        meetings = read_meetings(get(fed, "/monetarypolicy/fomccalendars.htm").content)

    assert tuple(e.days for e in events if e.title == "FOMC Meeting") == meetings
    assert meetings[2] == (date(2025, 9, 16), date(2025, 9, 17))


def test_a_page_differs_at_every_request_outside_its_text() -> None:
    with a_fed(DECIDED) as fed:
        one, two = get(fed, STATEMENT).text, get(fed, STATEMENT).text

    assert one != two
    assert one.split("data-cfemail")[0].split("cdn-cgi")[0] == two.split("cdn-cgi")[0]


def test_a_text_that_is_changed_later_is_served_changed() -> None:
    (document,) = [each for each in story().documents if each.path == STATEMENT]
    revision = Revision(at=DECIDED + SECOND, paragraphs=("Another text.",))
    record = FedRecord(documents=[replace(document, revisions=[revision])])
    with a_fed(DECIDED, record) as fed:
        before = get(fed, STATEMENT).text
        fed.clock.advance(SECOND)
        after = get(fed, STATEMENT).text

    assert "Another text." not in before
    assert "Another text." in after


@pytest.mark.parametrize("path", ["/feeds/speeches_all.xml", "/x.htm", "/json/ne-x.json"])
def test_what_is_not_there_is_404(path: str) -> None:
    with a_fed(DECIDED) as fed:
        assert get(fed, path).status_code == 404


def test_faults_befall_the_paths_they_are_meant_for() -> None:
    with a_fed(DECIDED) as fed:
        fed.faults.add(FaultKind.WEB_PAGE, path="press_all")
        bad, good = get(fed, "/feeds/press_all.xml"), get(fed, "/feeds/press_all.xml")

    assert bad.text.startswith("<!DOCTYPE html")
    assert good.content.startswith(b"\xef\xbb\xbf<?xml")


def test_released_again_keeps_the_order_and_what_shares_a_minute() -> None:
    start = eastern(2026, 1, 5, 9)

    moved = [d for d in released_again(story(), start, timedelta(seconds=5)).documents
             if d.published_at > start]  # fmt: skip

    assert {d.path for d in moved if d.published_at == start + timedelta(seconds=5)} == {
        STATEMENT,
        "/newsevents/pressreleases/monetary20250917a1.htm",
        "/newsevents/pressreleases/monetary20250917b.htm",
    }


def test_the_statements_that_come_with_the_bot_end_with_their_votes() -> None:
    assert "Stephen I. Miran" in statement_text("monetary20250917a")[-1]
    assert statement_text("monetary20250730a")[-1].startswith("Voting for")
