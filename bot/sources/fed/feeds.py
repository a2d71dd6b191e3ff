"""Reads an RSS 2.0 feed of the Federal Reserve into its items.

Sources: federalreserve.gov/feeds/feeds.htm; RSS 2.0 Specification (pubDate after RFC 822).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from bot.clock import new_york_day
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.fed.items import Item, full_link, plain
from bot.sources.whole_xml import whole_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The items of a feed, each link once, as listed; order inside a day means nothing.

    unread: items that could not be read, and why.
    """

    items: tuple[Item, ...]
    unread: tuple[str, ...] = ()


def read_feed(body: bytes, *, where: str) -> Feed:
    """The items of a feed; encoded as it declares, with or without a byte order mark.

    Raises SourceUnavailable on a web page, a cut feed and one without items, SourceUnreadable on
    any other document, one that declares a document type, and one of which no item can be read:
    none of these means that there is no news.
    """
    elements = _root(body, where).findall("channel/item")
    if not elements:
        raise SourceUnavailable("the feed has no items", where=where, mend="it is asked for again")
    items: dict[str, Item] = {}
    unread: list[str] = []
    for number, element in enumerate(elements, start=1):
        item = _item(element, where)
        if isinstance(item, Item):
            items.setdefault(item.key, item)
        else:
            unread.append(f"item {number}: {item}")
    if not items:
        raise SourceUnreadable(
            f"no item can be read, {unread[0]}",
            where=where,
            mend="look at the feed; it may have a new shape",
        )
    return Feed(items=tuple(items.values()), unread=tuple(unread))


def _root(body: bytes, where: str) -> ElementTree.Element:
    root = whole_xml(body, where=where, called="feed", due="a feed")
    if root.tag != "rss":
        raise SourceUnreadable(
            f"this is no RSS: its root is {root.tag}",
            where=where,
            mend="look at the feed; its address may have changed",
        )
    return root


def _item(element: ElementTree.Element, where: str) -> Item | str:
    """The item, or what is wrong with it."""
    told = (element.findtext("link") or "").strip() or (element.findtext("guid") or "").strip()
    link = full_link(told, where) if told else None
    title = plain(element.findtext("title"))
    if link is None:
        return f"no link ({title or 'nor a title'})"
    if title is None:
        return f"no title ({link})"
    at = _instant(element.findtext("pubDate"))
    return Item(
        link=link,
        title=title,
        published_at=at,
        published_on=None if at is None else new_york_day(at),
        category=plain(element.findtext("category")),
        description=plain(element.findtext("description")),
    )


def _instant(text: str | None) -> datetime | None:
    """The instant of a pubDate; None where it is none, or without a zone."""
    try:
        at = parsedate_to_datetime(" ".join((text or "").split()))
        return None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, IndexError):
        return None
