"""The Bureau of Economic Analysis: its dates of releases as JSON, and the feed of all its news.

The dates are ``{"Gross Domestic Product": {"release_dates": ["2026-10-29T12:30:00+00:00"]}, …}``
with a note when the file was written beside them; one may stand twice.  The feed holds 25 items
that are dated by the instant of their release: ``GDP (Advance Estimate), 2nd Quarter 2026``.
Sources: bea.gov/news/schedule/icalendar; apps.bea.gov/rss/rss.xml.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.clock import from_text
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.fed.absence import Publication
from bot.fed.due import Slot
from bot.sources.fed.answers import Due
from bot.sources.fed.archives import read_json
from bot.sources.fed.client import FedClient
from bot.sources.fed.feeds import read_feed
from bot.sources.fed.items import Item
from bot.sources.releases.agency import READ_AGAIN, Answer

WATCHED = {
    "Gross Domestic Product": re.compile(r"(?:GDP|Gross Domestic Product)(?:\s*\(|,)"),
    "Personal Income and Outlays": re.compile(r"Personal Income and Outlays,"),
    "U.S. International Trade in Goods and Services": re.compile(
        r"U\.S\. International Trade in Goods and Services,"
    ),
}
"""Titles in the list of dates, and how news of them begin: those of states and counties do not."""


class Bea:
    """Asks the Bureau of Economic Analysis."""

    name = "BEA"
    source = "bea"
    plan_lasts = READ_AGAIN

    def __init__(self, client: FedClient, *, url: str = "https://apps.bea.gov") -> None:
        self._client, self._url = client, url.rstrip("/")

    def slots(self) -> Sequence[Slot]:
        address = f"{self._url}/API/signup/release_dates.json"
        told = read_dates(self._client.fetch(address, Due.JSON), where=address)
        return [
            Slot(agency=self.name, title=title, scheduled_at=at, url=address)
            for title in WATCHED
            for at in told.get(title, ())
        ]

    def published(self, titles: Collection[str]) -> Answer:
        address = f"{self._url}/rss/rss.xml"
        try:
            items = read_feed(self._client.fetch(address, Due.FEED), where=address).items
        except (SourceUnavailable, SourceUnreadable) as error:
            return Answer(found={}, trouble=error)
        return Answer(found={title: list(_of(items, title)) for title in titles})


def read_dates(body: bytes, *, where: str) -> dict[str, tuple[datetime, ...]]:
    """The instants of each release by its title, in order, each once; one without a zone is none.

    Raises as ``read_json``, and SourceUnreadable where no release has an instant.
    """
    told = read_json(body, where=where)
    rows = told.items() if isinstance(told, dict) else ()
    found = {str(title): tuple(sorted(set(_instants(row)))) for title, row in rows}
    if not any(found.values()):
        raise SourceUnreadable(
            "the list has no date of a release",
            where=where,
            mend="look at it; it may have a new shape",
        )
    return found


def _instants(row: Any) -> Iterator[datetime]:
    dates = row.get("release_dates") if isinstance(row, dict) else None
    for text in dates if isinstance(dates, list) else ():
        try:
            yield from_text(str(text))
        except ValueError:
            continue


def _of(items: Sequence[Item], title: str) -> Iterator[Publication]:
    for item in items:
        if WATCHED[title].match(item.title) and item.published_on is not None:
            # an address without its scheme was taken for one beside the feed
            url = re.sub(r"^.*/(?=(?:www\.)?bea\.gov/)", "https://", item.link)
            yield Publication(day=item.published_on, url=url, at=item.published_at)
