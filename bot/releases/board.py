"""The Federal Reserve as one that publishes by a calendar: statements and minutes.

What has come is what the bot has stored of it; another step asks the Board.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock, from_ms, new_york_day, to_ms
from bot.errors import SourceUnavailable
from bot.facts import FED_RELEASE, SOURCE_POLL, Kind
from bot.fed.absence import Publication
from bot.fed.due import Slot
from bot.sources.releases.agency import Answer
from bot.store import Store

TITLES = {"statement": "FOMC statement", "minutes": "FOMC minutes"}
"""Types of documents that are watched, and the releases they are."""

CALENDAR = "https://www.federalreserve.gov/monetarypolicy/fomccalendars.htm"

_SOURCE = "fed"
_KNOWN_FOR = timedelta(days=60)
_FRESH = timedelta(minutes=10)


class Board:
    """Knows the Board's releases from the store.

    planned: type of document and instant of each release that is due, as the Board's calendars say.
    """

    name = "Federal Reserve"
    source = None
    plan_lasts = timedelta()  # another step reads it

    def __init__(
        self,
        store: Store,
        planned: Callable[[], Iterable[tuple[str, datetime]]],
        *,
        clock: Clock,
    ) -> None:
        self._store, self._planned, self._clock = store, planned, clock

    def slots(self) -> Sequence[Slot]:
        return [
            Slot(agency=self.name, title=TITLES[sort], scheduled_at=at, url=CALENDAR)
            for sort, at in self._planned()
            if sort in TITLES
        ]

    def published(self, titles: Collection[str]) -> Answer:
        """What is stored, while the Board answers: else nobody knows what it holds."""
        now = self._clock()
        polls = self._stored(SOURCE_POLL, now - _FRESH, now)
        if not any(row["ok"] for row in polls):
            error = SourceUnavailable(
                "the Board has not answered for ten minutes",
                where=_SOURCE,
                mend="see bot doctor; it is asked again by itself",
            )
            return Answer(found={}, trouble=error)
        rows = self._stored(FED_RELEASE, now - _KNOWN_FOR, now)
        return Answer(
            found={
                title: [_publication(row) for row in rows if row["type"] == sort]
                for sort, title in TITLES.items()
                if title in titles
            }
        )

    def _stored(self, kind: Kind, since: datetime, until: datetime) -> Sequence[Mapping[str, Any]]:
        return self._store.facts.counting(kind, _SOURCE, since=to_ms(since), until=to_ms(until))


def _publication(row: Mapping[str, Any]) -> Publication:
    at = from_ms(row["known_at"])
    return Publication(day=new_york_day(at), url=row["url"] or row["id"], at=at)
