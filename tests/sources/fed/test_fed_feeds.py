"""Feeds of the Federal Reserve, and every trap that a real capture had."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.clock import to_text
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.fed.feeds import Feed, read_feed

LINK = "https://www.federalreserve.gov/newsevents/pressreleases/monetary20250917a.htm"
RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed" / "feeds"


def an_item(
    link: str = LINK,
    title: str = "Federal Reserve issues FOMC statement",
    description: str = "Federal Reserve issues FOMC statement",
    published: str = "Wed, 17 Sep 2025 18:00:00 GMT",
) -> str:
    return (
        f"<item><title>{title}</title><link><![CDATA[ {link} ]]></link>"
        f"<guid><![CDATA[{link}]]></guid>"
        f"<description><![CDATA[{description}]]></description>\r\n"
        f"<category>Monetary Policy</category><pubDate><![CDATA[{published}]]></pubDate>   </item>"
    )


def a_feed(*items: str, head: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="utf-8" ?>\r\n{head}<rss version="2.0"><channel>'
    return ("\ufeff" + text + "".join(items) + "</channel></rss>").encode()


def read(*items: str) -> Feed:
    return read_feed(a_feed(*items), where="press_all")


def test_an_item_keeps_link_title_category_and_instant() -> None:
    (item,) = read(an_item()).items

    assert item.link == LINK
    assert item.key == "pressreleases/monetary20250917a"
    assert item.slug == "monetary20250917a"
    assert item.title == "Federal Reserve issues FOMC statement"
    assert item.category == "Monetary Policy"
    assert item.published_at == datetime(2025, 9, 17, 18, tzinfo=UTC)
    assert item.published_on == date(2025, 9, 17)


def test_a_description_that_is_escaped_twice_is_unescaped() -> None:
    (item,) = read(
        an_item(description="the Board&#39;s &quot;goals&quot; &amp; T&uuml;rkiye")
    ).items

    assert item.description == 'the Board\'s "goals" & Türkiye'


@pytest.mark.parametrize(
    ("published", "instant"),
    [
        ("Fri, 4 Sep 2026 15:00:00 GMT", "2026-09-04T15:00:00.000Z"),
        ("Fri, 04 Sep 2026 15:00:00 GMT", "2026-09-04T15:00:00.000Z"),
        ("  Fri, 18 Sep 2026 11:00:00 -0400 ", "2026-09-18T15:00:00.000Z"),
    ],
)
def test_a_day_needs_no_leading_zero(published: str, instant: str) -> None:
    (item,) = read(an_item(published=published)).items

    assert item.published_at is not None
    assert to_text(item.published_at) == instant


def test_the_day_of_an_evening_release_is_that_of_new_york() -> None:
    (item,) = read(an_item(published="Mon, 16 Mar 2020 01:15:00 GMT")).items

    assert item.published_on == date(2020, 3, 15)


@pytest.mark.parametrize("published", ["", "yesterday", "Fri, 31 Feb 2026 15:00:00 GMT"])
def test_an_item_without_a_readable_time_is_kept_and_its_time_unknown(published: str) -> None:
    (item,) = read(an_item(published=published)).items

    assert (item.published_at, item.published_on) == (None, None)


def test_an_item_without_a_link_is_told_and_the_others_are_read() -> None:
    feed = read("<item><title>FOMC statement</title></item>", an_item())

    assert len(feed.items) == 1
    assert feed.unread == ("item 1: no link (FOMC statement)",)


def test_a_link_is_one_item_however_often_and_under_whatever_host_it_is_listed() -> None:
    feed = read(an_item(), an_item(LINK.replace("https://www.", "http://")))

    assert len(feed.items) == 1


def test_two_items_of_one_minute_are_two() -> None:
    assert len(read(an_item(), an_item(LINK.replace("17a", "17b"))).items) == 2


def test_a_speech_and_a_testimony_of_one_name_are_two() -> None:
    base = "https://www.federalreserve.gov/newsevents"

    feed = read(
        an_item(f"{base}/speech/x20250101a.htm"), an_item(f"{base}/testimony/x20250101a.htm")
    )

    assert len(feed.items) == 2


def test_a_feed_in_another_encoding_is_read_as_it_declares() -> None:
    text = (
        a_feed(an_item(title="Economía"))
        .decode()
        .removeprefix("\ufeff")
        .replace("utf-8", "latin-1")
    )

    (item,) = read_feed(text.encode("latin-1"), where="x").items

    assert item.title == "Economía"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><title>Error</title></html>", "a web page stands"),
        (b"\xef\xbb\xbf<html><body>sorry</body></html>", "a web page stands"),
        (a_feed(), "has no items"),
        (a_feed(an_item())[:-40], "not whole XML"),
    ],
)
def test_what_is_no_whole_feed_is_unavailable_and_no_news_of_nothing(
    body: bytes, told: str
) -> None:
    with pytest.raises(SourceUnavailable, match=told):
        read_feed(body, where="press_all")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (a_feed(an_item(), head='<!DOCTYPE rss [<!ENTITY a "b">]>'), "document type"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "no RSS"),
        (a_feed("<item><title>x</title></item>"), "no item can be read"),
        (b'{"items": []}', "not whole XML"),
    ],
)
def test_another_document_is_unreadable(body: bytes, told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        read_feed(body, where="press_all")


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded feeds")
def test_every_item_of_the_recorded_feeds_is_read_as_it_is() -> None:
    golden = json.loads((RECORDED / "golden_items.json").read_text(encoding="utf-8"))
    found = {
        (file, item.link): item
        for file in {each["file"] for each in golden}
        for item in read_feed((RECORDED / file).read_bytes(), where=file).items
    }

    for each in golden:
        item = found.pop((each["file"], each["link"]))
        assert item.published_at is not None
        told = to_text(item.published_at).replace(".000", "")
        assert (item.title, item.category, item.description, told) == (
            each["title"], each["category"], each["description"], each["published_utc"],
        )  # fmt: skip
    assert not found
