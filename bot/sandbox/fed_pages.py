"""How the sandbox's Federal Reserve writes: feeds, archives, calendar and pages, with their traps.

Byte order marks, CDATA with blanks around it, descriptions escaped twice, a last row of another
shape, times of the New York clock without offset, and pages that differ at every request outside
their text: as recorded from the Board.
"""

import html
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from bot.clock import NEW_YORK
from bot.sandbox.fed_record import PRESS, SPEECH, TESTIMONY, Document, Entry

BOM = b"\xef\xbb\xbf"
BOARD = "https://www.federalreserve.gov"

_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def feed(documents: Iterable[Document], *, title: str) -> bytes:
    """An RSS 2.0 feed."""
    items = "".join(_item(each) for each in documents)
    text = (
        '<?xml version="1.0" encoding="utf-8" ?>\r\n<rss version="2.0">\r\n    <channel>\r\n'
        f"        <title>FRB: {html.escape(title)}</title>\r\n"
        f"        <link><![CDATA[{BOARD}/feeds/feeds.htm]]></link>\r\n"
        f"        <description><![CDATA[{title}]]></description>\r\n"
        f"        <language>en</language>\r\n{items}    </channel>\r\n</rss>\r\n"
    )
    return BOM + text.encode()


def _item(document: Document) -> str:
    link, told = f"{BOARD}{document.path}", document.description or document.title
    return (
        "        <item>\r\n"
        f"            <title>{html.escape(feed_title(document), quote=False)}</title>\r\n"
        f"            <link><![CDATA[{link}]]></link>\r\n"
        f"            <guid><![CDATA[{link}]]></guid>\r\n"
        f"            <description><![CDATA[{html.escape(told)}]]></description>\r\n"
        f"            <category>{document.category}</category>\r\n"
        f"            <pubDate><![CDATA[{_pub_date(document.published_at)}]]></pubDate>    \r\n"
        "        </item>\r\n"
    )


def feed_title(document: Document) -> str:
    """Of a speech the surname comes before its title."""
    if document.speaker is None:
        return document.title
    return f"{document.speaker.split()[-1]}, {document.title}"


def _pub_date(at: datetime) -> str:
    """A day of one digit stands without a zero."""
    utc = at.astimezone(UTC)
    day = f"{_WEEKDAYS[utc.weekday()]}, {utc.day} {_MONTHS[utc.month - 1]} {utc.year}"
    return f"{day} {utc:%H:%M:%S} GMT"


def archive(documents: Iterable[Document]) -> bytes:
    """The list behind a kind of news; its last row is none."""
    rows: list[dict[str, str]] = [_row(each) for each in documents]
    return BOM + json.dumps([*rows, {"updateDate": ""}], indent=0, ensure_ascii=False).encode()


def _row(document: Document) -> dict[str, str]:
    local = document.published_at.astimezone(NEW_YORK)
    told = f"{local.month}/{local.day}/{local.year}"
    if not document.day_only:
        told += f" {local.hour % 12 or 12}:{local:%M:%S} {'AM' if local.hour < 12 else 'PM'}"
    row = {"d": told, "t": html.escape(document.title, quote=False), "l": document.path}
    if document.path.startswith(PRESS):
        return {**row, "pt": document.category or ""}
    return {**row, "s": document.speaker or "", "lo": document.venue or "", "a": "", "o": "no"}


def calendar(entries: Iterable[Entry]) -> bytes:
    """The calendar; its last row is empty."""
    events: list[dict[str, str]] = []
    for each in entries:
        event = {
            "title": each.title,
            "time": each.time,
            "month": each.month,
            "days": each.days,
            "type": each.type,
        }
        events.append({"description": each.description, **event} if each.description else event)
    return BOM + json.dumps({"events": [*events, {}]}, ensure_ascii=False).encode()


def meetings(days: Sequence[tuple[date, date]]) -> bytes:
    """The page of meetings, year by year."""
    parts = []
    for year in sorted({last.year for _, last in days}, reverse=True):
        parts.append(f'<div class="panel-heading"><h4><a>{year} FOMC Meetings</a></h4></div>')
        parts += [_meeting(*each) for each in days if each[1].year == year]
    return _html("Meeting calendars and information", f'<div id="article">{"".join(parts)}</div>')


def _meeting(first: date, last: date) -> str:
    month = f"{first:%B}" if first.month == last.month else f"{first:%b}/{last:%b}"
    return (
        '<div class="row fomc-meeting"><div class="fomc-meeting__month col-xs-5">'
        f'<strong>{month}</strong></div><div class="fomc-meeting__date col-xs-4">'
        f"{first.day}-{last.day}</div></div>"
    )


def page(document: Document, now: datetime, *, request: int) -> bytes:
    """The page of a document; request: a number that differs each time, as tokens on it do."""
    local = document.published_at.astimezone(NEW_YORK)
    day = f"{local:%B} {local.day}, {local.year}"
    head = [f'<p class="article__time">{day}</p>', f'<h3 class="title">{_title(document)}</h3>']
    if document.speaker:
        head.append(f'<p class="speaker">{html.escape(document.speaker)}</p>')
        head.append(f'<p class="location">{html.escape(document.venue or "")}</p>')
    if document.release_line:
        head.append(f'<p class="releaseTime">{document.release_line}')  # the Board closes none
    text = [f"<p>{html.escape(each, quote=False)}</p>" for each in document.text_at(now)]
    if document.path.startswith(PRESS):
        text.append(_media_line(request))
    text += [f'<p><a href="{path}">{words}</a></p>' for path, words in document.links]
    return _html(
        f"Federal Reserve Board - {_title(document)}",
        f'<div id="article"><div class="heading">{"".join(head)}'
        f'<ul class="list-unstyled"><li class="share"><a href="#">Share</a></li></ul></div>'
        f'<div>{"".join(text)}</div></div><div id="lastUpdate">Last Update: {day}</div>',
    )


def _title(document: Document) -> str:
    return html.escape(document.heading or document.title, quote=False)


def _media_line(request: int) -> str:
    token = f"{request * 2654435761 % 2**32:08x}"
    return (
        f'<p>For media inquiries, please email <a href="/cdn-cgi/l/email-protection#{token}">'
        f'<span class="__cf_email__" data-cfemail="{token}">[email&#160;protected]</span></a> '
        "or call 202-452-2955.</p>"
    )


def _html(title: str, body: str) -> bytes:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8" />'
        f"<title>{title}</title></head><body>\n"
        '<nav><a href="/newsevents.htm">News &amp; Events</a></nav>\n'
        f"{body}\n<!-- Sandbox: no page of the Federal Reserve. --></body></html>\n"
    ).encode()


FOLDERS = {
    "/feeds/press_all.xml": ("Press Release - All Releases", (PRESS,)),
    "/feeds/speeches.xml": ("Speeches", (SPEECH,)),
    "/feeds/testimony.xml": ("Testimony", (TESTIMONY,)),
    "/json/ne-press.json": ("", (PRESS,)),
    "/json/ne-speeches.json": ("", (SPEECH,)),
    "/json/ne-testimony.json": ("", (TESTIMONY,)),
}
"""Title and folders of each list, by its path."""
