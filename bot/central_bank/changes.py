"""Looks again at the pages of releases: a text may be changed after it was released.

Only texts are compared, for pages differ at every request.  A changed one is kept beside the first
and told in the log; its facts stand for the first ones from then on, quietly.
"""

from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.central_bank.keeping import Keeper
from bot.central_bank.reading import article_of
from bot.central_bank.release import Release
from bot.clock import from_ms, new_york_day, to_ms
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.fed.client import FedClient
from bot.sources.fed.items import Item
from bot.store import Store

WATCHED = timedelta(days=7)
"""For how long after a release its page is looked at again."""

_STEPS = (
    (timedelta(hours=1), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=3)),
    (WATCHED, timedelta(days=1)),
)
"""Up to which age of a release its page is looked at how often."""


class Changes:
    """Compares one page each time it is asked, the longest unseen first."""

    def __init__(self, store: Store, client: FedClient, keeper: Keeper) -> None:
        self._store, self._client, self._keeper = store, client, keeper
        self._looked: dict[str, datetime] = {}
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def look(self, now: datetime) -> int:
        """Look at the page that is most overdue; 1 where its text has changed."""
        due = [
            row for row in self._store.fed.with_pages(to_ms(now - WATCHED)) if self._due(row, now)
        ]
        if not due:
            return 0
        row = min(due, key=lambda each: self._seen(each))
        self._looked[_base(row["id"])] = now
        try:
            body = self._client.release(row["url"], patient=False)
            return self._compare(row, body)
        except (SourceUnavailable, SourceUnreadable):
            return 0  # what was kept stands

    def _seen(self, row: dict[str, object]) -> datetime:
        return self._looked.get(_base(str(row["id"])), from_ms(int(str(row["known_at"]))))

    def _due(self, row: dict[str, object], now: datetime) -> bool:
        age = now - from_ms(int(str(row["known_at"])))
        every = next((every for until, every in _STEPS if age <= until), None)
        return every is not None and now - self._seen(row) >= every

    def _compare(self, row: dict[str, object], body: bytes) -> int:
        new = _release(row, body)
        old = _release(row, self._store.documents.body(int(str(row["document_id"]))))
        before, after = article_of(old), article_of(new)
        if before is None or after is None or before.text_sha256 == after.text_sha256:
            return 0
        version = f"@{after.text_sha256[:12]}"
        self._log.warning("fed.page_changed", id=new.id, url=new.url, version=version)
        earlier = str(row["id"]).removeprefix(_base(str(row["id"])))
        self._keeper.retell(new, self._keeper.read(new), version, instead_of=earlier)
        return 1


def _base(fact_id: str) -> str:
    return fact_id.partition("@")[0]


def _release(row: dict[str, object], body: bytes) -> Release:
    at = from_ms(int(str(row["known_at"])))
    item = Item(
        link=str(row["url"]),
        title=str(row["title"]),
        published_at=at,
        published_on=new_york_day(at),
    )
    return Release(
        item=item, type=str(row["type"]), known_at=at, url=item.link, body=body, quiet=True
    )
