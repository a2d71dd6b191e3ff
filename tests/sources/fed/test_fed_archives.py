"""The JSON archives of the Board, and that they tell the same as its feeds."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.fed.archives import PRESS, SPEECHES, read_archive
from bot.sources.fed.feeds import read_feed
from bot.sources.fed.items import Item

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed" / "feeds"
LINK = "/newsevents/pressreleases/monetary20240320a.htm"


def read(*rows: Any, name: str = PRESS) -> tuple[Item, ...]:
    body = "\ufeff" + json.dumps([*rows, {"updateDate": ""}])
    return read_archive(body.encode(), name=name)


def a_row(d: str = "3/20/2024 2:00:00 PM", link: str = LINK) -> dict[str, str]:
    return {
        "d": d,
        "t": "Federal Reserve issues FOMC statement",
        "pt": "Monetary Policy",
        "l": link,
    }


@pytest.mark.parametrize(
    ("told", "instant"),
    [
        ("3/20/2024 2:00:00 PM", datetime(2024, 3, 20, 18, tzinfo=UTC)),  # EDT
        ("1/31/2024 2:00:00 PM", datetime(2024, 1, 31, 19, tzinfo=UTC)),  # EST
        ("3/15/2020 5:00:00 PM", datetime(2020, 3, 15, 21, tzinfo=UTC)),
        ("10/8/2008 7:00:00 AM", datetime(2008, 10, 8, 11, tzinfo=UTC)),
        ("12/9/2025 12:30:00 PM", datetime(2025, 12, 9, 17, 30, tzinfo=UTC)),
    ],
)
def test_times_are_those_of_the_new_york_clock(told: str, instant: datetime) -> None:
    (item,) = read(a_row(told))

    assert item.published_at == instant


@pytest.mark.parametrize("told", ["5/9/2006", "5/9/2006 12:00:00 AM"])
def test_a_row_with_a_day_only_has_no_instant(told: str) -> None:
    (item,) = read(a_row(told))

    assert (item.published_at, item.published_on) == (None, date(2006, 5, 9))


@pytest.mark.parametrize("told", ["", "soon", "13/40/2024 2:00:00 PM", "2/30/2024"])
def test_a_time_that_is_none_is_unknown(told: str) -> None:
    (item,) = read(a_row(told))

    assert (item.published_at, item.published_on) == (None, None)


def test_a_relative_link_is_the_item_that_the_feed_names_in_full() -> None:
    (item,) = read(a_row())

    assert item.link == f"https://www.federalreserve.gov{LINK}"
    assert item.key == "pressreleases/monetary20240320a"


def test_rows_of_another_shape_are_no_items() -> None:
    rows = [{"updateDate": "x"}, {}, None, "text", {"t": "no link"}, {"l": "/x.htm"}, a_row()]

    assert len(read(*rows)) == 1


def test_a_speech_has_speaker_and_venue() -> None:
    row = {
        "d": "8/5/2026 4:05:00 PM", "t": "Outlook", "s": "Governor Lisa D. Cook", "lo": "Anchorage",
        "l": "/newsevents/speech/cook20260805a.htm", "a": "", "o": "no",
    }  # fmt: skip

    (item,) = read(row, name=SPEECHES)

    assert (item.speaker, item.venue, item.category) == (
        "Governor Lisa D. Cook",
        "Anchorage",
        "Speech",
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SourceUnavailable),
        (b"<html><body>Access denied</body></html>", SourceUnavailable),
        (json.dumps([a_row()]).encode()[:-9], SourceUnavailable),
        (b'[{"l": 1,}]', SourceUnreadable),
        (b"{}", SourceUnreadable),
        (b'[{"updateDate": ""}]', SourceUnreadable),
        (b"[" * 100_000, SourceUnavailable),
    ],
)
def test_what_is_no_list_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_archive(body, name=PRESS)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded archive")
def test_archive_and_feed_tell_the_same_instant_of_every_item_that_both_have() -> None:
    archive = {
        item.key: item
        for item in read_archive((RECORDED / "ne-press_assembled.json").read_bytes(), name=PRESS)
    }
    feed = read_feed((RECORDED / "press_all_20260918.xml").read_bytes(), where="press_all").items

    both = [(archive[item.key], item) for item in feed if item.key in archive]

    assert len(archive) == 55
    assert len(both) == 20
    for row, item in both:
        assert (row.published_at, row.title, row.link) == (item.published_at, item.title, item.link)
