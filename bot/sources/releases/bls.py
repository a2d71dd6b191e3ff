"""The Bureau of Labor Statistics: its calendar file, and the feed of each release.

The calendar names releases without their period, in the zone ``US-Eastern``; the feeds list twelve
releases each, as RSS or Atom, and date them forty minutes before they are out.  So a release counts
as out when it is seen, on the day that its address names (``cpi_10242025.htm``).  The site turns
readers away who do not say how to reach them: bls.gov/bls/pss.htm; palewire/cpi issue 96.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from xml.etree import ElementTree

from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.fed.absence import Publication
from bot.fed.due import Slot
from bot.sources.fed.answers import Due
from bot.sources.fed.client import FedClient
from bot.sources.releases.agency import READ_AGAIN, Answer
from bot.sources.releases.icalendar import read_events

WATCHED = {
    "Employment Situation": "empsit",
    "Consumer Price Index": "cpi",
    "Producer Price Index": "ppi",
    "Job Openings and Labor Turnover Survey": "jolts",
}
"""Titles in the calendar, each with its name in addresses: those whose feeds are known to exist."""

_ARCHIVED = re.compile(r"/archives/([a-z0-9]+)_(\d{2})(\d{2})(\d{4})\.(?:htm|pdf)", re.IGNORECASE)


class Bls:
    """Asks the Bureau of Labor Statistics."""

    name = "BLS"
    source = "bls"
    plan_lasts = READ_AGAIN

    def __init__(self, client: FedClient, *, url: str = "https://www.bls.gov") -> None:
        self._client, self._url = client, url.rstrip("/")

    def slots(self) -> Sequence[Slot]:
        address = f"{self._url}/schedule/news_release/bls.ics"
        events = read_events(self._client.fetch(address, Due.ICS), where=address)
        return [
            Slot(agency=self.name, title=each.title, scheduled_at=each.at, url=address)
            for each in events
            if each.title in WATCHED
        ]

    def published(self, titles: Collection[str]) -> Answer:
        found: dict[str, Sequence[Publication]] = {}
        trouble: BotError | None = None
        for title in titles:
            address = f"{self._url}/feed/{WATCHED[title]}.rss"
            try:
                body = self._client.fetch(address, Due.FEED)
                found[title] = read_releases(body, WATCHED[title], where=address)
            except (SourceUnavailable, SourceUnreadable) as error:
                trouble = error
        return Answer(found=found, trouble=trouble)


def read_releases(body: bytes, name: str, *, where: str) -> list[Publication]:
    """The releases of one sort that a feed points to, RSS or Atom, the newest last.

    Raises SourceUnavailable where half a feed came, SourceUnreadable where it names none.
    """
    if b"<!doctype" in body.lower():
        what = "the feed declares a document type, which can carry entities"
        raise SourceUnreadable(what, where=where, mend="look at the feed")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        what = f"the feed is not whole XML: {error}"
        raise SourceUnavailable(what, where=where, mend="it is asked for again") from error
    found = {each.day: each for text in _texts(root) if (each := _release(text, name)) is not None}
    if not found:
        raise SourceUnreadable(
            f"the feed names no release {name}_MMDDYYYY",
            where=where,
            mend="look at the feed; the addresses in it may have a new shape",
        )
    return [found[day] for day in sorted(found)]


def _texts(root: ElementTree.Element) -> Iterator[str]:
    """Whatever may hold an address."""
    for element in root.iter():
        yield from filter(None, (element.text, element.get("href")))


def _release(text: str, name: str) -> Publication | None:
    match = _ARCHIVED.search(text)
    if match is None or match[1].lower() != name:
        return None
    try:
        day = date(int(match[4]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    address = text.strip()
    url = address if address.startswith("http") else f"https://www.bls.gov/news.release{match[0]}"
    return Publication(day=day, url=url)
