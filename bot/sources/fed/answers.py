"""What an answer of the Federal Reserve's hosts is: what was asked for, or why it is not.

A status of 200 proves nothing: error pages, and web pages in place of feeds, carry it too.
"""

import re
from enum import StrEnum

from bot.sources.edgar.answers import is_web_page

_READ_BYTES = 16 * 1024
_HEADING = re.compile(rb"<(title|h1)\b[^>]{0,200}>(.{0,300}?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_NO_PAGE = re.compile(
    r"(?:page|file|resource) (?:can ?not be|not|isn't) found|\b404\b|service unavailable"
    r"|access denied|attention required|just a moment|temporarily unavailable"
    r"|\b(?:site|down for|under|scheduled) maintenance"
    r"|bad gateway|gateway time-?out|internal server error|request rejected",
    re.IGNORECASE,
)
_END = re.compile(rb"</html\s*>", re.IGNORECASE)
_ARTICLE = re.compile(
    rb"""<[a-z]+[^>]{0,300}\bid\s*=\s*["']?(?:article|content)\b""", re.IGNORECASE
)


class Due(StrEnum):
    """What was asked for."""

    FEED = "a feed"
    JSON = "a JSON document"
    RELEASE = "the page of a release"
    PAGE = "a web page"
    LIST = "a feed or a page of links"
    ICS = "a calendar file"


def is_error_page(body: bytes) -> bool:
    """Whether a web page says of itself that it is none of those asked for."""
    return any(_NO_PAGE.search(text) for text in headings(body))


def headings(body: bytes) -> list[str]:
    """Title and main heading of a web page."""
    found = (match[1] for match in _HEADING.findall(body[:_READ_BYTES]))
    texts = (" ".join(text.decode("utf-8", "replace").split()) for text in found)
    return [text for text in texts if text]


def why_foreign(body: bytes, due: Due) -> str | None:
    """Why a body is not what was due; None where it may be."""
    page = is_web_page(body)
    if page and is_error_page(body) and not (due is Due.RELEASE and _ARTICLE.search(body)):
        return f"an error page ({headings(body)[0][:100]})"
    match due:
        case Due.FEED | Due.JSON | Due.ICS if page:
            return f"a web page ({', '.join(headings(body))[:100]})"
        case Due.ICS if b"BEGIN:VCALENDAR" not in body[:_READ_BYTES]:
            return f"no calendar, it begins {body[:40]!r}"
        case Due.RELEASE | Due.PAGE if not page:
            return f"no web page, it begins {body[:40]!r}"
        case Due.RELEASE if _ARTICLE.search(body) is None:
            return "a page without an article"
        case _:
            return None


def why_cut(body: bytes, due: Due) -> str | None:
    """Why a body did not come whole; None where it may have.  A feed that was cut shows when it is
    read, as JSON does."""
    if not body.strip():
        return "the body is empty"
    if (
        due in (Due.RELEASE, Due.PAGE, Due.LIST)
        and is_web_page(body)
        and not _END.search(body[-4096:])
    ):
        return "the page is cut short"
    if (
        due is Due.ICS
        and b"BEGIN:VCALENDAR" in body
        and b"END:VCALENDAR" not in body[-_READ_BYTES:]
    ):
        return "the calendar is cut short"
    return None
