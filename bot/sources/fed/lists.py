"""Lists of speeches of the regional banks: feeds like the Board's, or a page of links.

A page tells no days: an item of it is known from when it was first seen.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bot.errors import SourceUnavailable
from bot.sources.edgar.answers import is_web_page
from bot.sources.fed.feeds import read_feed
from bot.sources.fed.items import Item, full_link, plain

if TYPE_CHECKING:
    from bs4 import Tag

_BANKS = {
    "bostonfed": "Boston",
    "newyorkfed": "New York",
    "philadelphiafed": "Philadelphia",
    "clevelandfed": "Cleveland",
    "richmondfed": "Richmond",
    "atlantafed": "Atlanta",
    "chicagofed": "Chicago",
    "stlouisfed": "St. Louis",
    "minneapolisfed": "Minneapolis",
    "kansascityfed": "Kansas City",
    "dallasfed": "Dallas",
    "frbsf": "San Francisco",
}
_SHORTEST_TITLE = 12
_MARKUP = re.compile(r"<[^>]*>")


def bank_of(address: str) -> str | None:
    """The city of the bank that publishes a list; None where the host is none of the twelve."""
    words = (urlsplit(address).hostname or "").split(".")
    return next((_BANKS[word] for word in words if word in _BANKS), None)


def read_list(body: bytes, *, address: str) -> tuple[Item, ...]:
    """The items of a list as it names them; titles without markup.

    Raises as ``read_feed``, and SourceUnavailable where a page links to nothing below itself.
    """
    items = tuple(_links(body, address)) if is_web_page(body) else _fed(body, address)
    if not items:
        raise SourceUnavailable(
            "the page links to no speeches",
            where=address,
            mend="look at it; where it has moved, mend [fed] regional",
        )
    return items


def _fed(body: bytes, address: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            link=item.link,
            title=plain(_MARKUP.sub("", item.title)) or item.title,
            published_at=item.published_at,
            published_on=item.published_on,
            category="Speech",
            description=item.description,
        )
        for item in read_feed(body, where=address).items
    )


def _links(body: bytes, address: str) -> Iterator[Item]:
    """Links with a title that lead below the page itself, each once."""
    from bs4 import BeautifulSoup

    base = urlsplit(address)
    seen: set[str] = set()
    for anchor in BeautifulSoup(body, "lxml").find_all("a", href=True):
        link, title = full_link(urljoin(address, str(anchor["href"]))), _title(anchor)
        if link is None or len(title) < _SHORTEST_TITLE:
            continue
        parts = urlsplit(link)
        below = parts.path.rstrip("/").startswith(f"{base.path.rstrip('/')}/")
        if parts.netloc == base.netloc and below and parts.path not in seen:
            seen.add(parts.path)
            yield Item(
                link=link, title=title, published_at=None, published_on=None, category="Speech"
            )


def _title(anchor: "Tag") -> str:
    return " ".join(anchor.get_text(" ").split())
