"""Reads the Board's JSON archives: everything since 2006, for back-fill and for gaps of a feed.

Sources: the lists behind federalreserve.gov/newsevents/pressreleases.htm, speeches.htm and
testimony.htm; their times are those of the New York clock, without offset.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from bot.clock import NEW_YORK, new_york_day
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.answers import is_web_page
from bot.sources.fed.items import BASE, Item, full_link, plain

PRESS, SPEECHES, TESTIMONY = "ne-press", "ne-speeches", "ne-testimony"
"""The archives by the name of their file."""

_CATEGORY = {SPEECHES: "Speech", TESTIMONY: "Testimony"}
_TIME = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])\.?M\.?)?",
    re.IGNORECASE,
)


def read_archive(body: bytes, *, name: str, base: str = BASE) -> tuple[Item, ...]:
    """The items of an archive as listed, each link once; rows without link or title, such as the
    last one, are none.

    name: of the archive, for the category of speeches and testimony.
    Raises as ``read_json``, and SourceUnreadable where it is no list of items.
    """
    rows = read_json(body, where=name)
    items = (
        {} if not isinstance(rows, list) else {item.key: item for item in _items(rows, name, base)}
    )
    if not items:
        raise SourceUnreadable(
            "this is no list of items", where=name, mend="look at it; it may have a new shape"
        )
    return tuple(items.values())


def read_json(body: bytes, *, where: str) -> Any:
    """A JSON document with or without a byte order mark.

    Raises SourceUnavailable on a web page, an empty and a cut document, SourceUnreadable on any
    other that is no JSON.
    """
    again = "it is asked for again; look at it if this lasts"
    if not body.strip() or is_web_page(body):
        what = "a web page" if body.strip() else "nothing"
        raise SourceUnavailable(f"{what} stands where JSON was due", where=where, mend=again)
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        whole = body.rstrip()[-1:] in (b"]", b"}")
        kind = SourceUnreadable if whole else SourceUnavailable
        raise kind(f"this is no whole JSON: {error}", where=where, mend=again) from error


def eastern(text: str) -> tuple[datetime | None, date] | None:
    """The instant and the day of ``8/25/2026 2:00:00 PM``; no instant where only a day is told.

    Midnight stands for a day alone: nothing is released then.  None where it is no time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    month, day, year, hour, minute, second, half = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        if hour is None:
            return None, on
        at = datetime(
            on.year, on.month, on.day,
            int(hour) % 12 + (12 if half.upper() == "P" else 0), int(minute), int(second or 0),
            tzinfo=NEW_YORK,
        )  # fmt: skip
    except ValueError:
        return None
    midnight = (at.hour, at.minute, at.second) == (0, 0, 0)
    return (None if midnight else at.astimezone(UTC)), on


def _items(rows: list[Any], name: str, base: str) -> Iterator[Item]:
    for row in rows:
        if not isinstance(row, dict) or not _text(row, "l") or not _text(row, "t"):
            continue
        link = full_link(_text(row, "l"), base)
        if link is None:
            continue
        at, on = eastern(_text(row, "d")) or (None, None)
        yield Item(
            link=link,
            title=plain(_text(row, "t")) or "",
            published_at=at,
            published_on=on or (new_york_day(at) if at else None),
            category=plain(_text(row, "pt")) or _CATEGORY.get(name),
            speaker=plain(_text(row, "s")),
            venue=plain(_text(row, "lo")),
        )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""
