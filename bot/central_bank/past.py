"""What was released before the first start: the last statements with their texts, the last minutes,
and who spoke last, all quiet, so that the next decision has one before it.

What does not come keeps nobody else waiting, but for one: behind a statement whose page does not
come all later ones wait, up to ``PATIENCE``, for each is compared with the one before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.central_bank.keeping import Keeper
from bot.central_bank.pages import PATIENCE
from bot.central_bank.release import Release, fact_id, in_order, known_at, page_of, sort_of
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.facts import FED_DECISION
from bot.sources.fed.archives import PRESS, SPEECHES, TESTIMONY, read_archive
from bot.sources.fed.client import FedClient, NotThere
from bot.sources.fed.items import Item
from bot.store import Store

STATEMENTS, MINUTES, SPOKEN = 8, 1, 40
"""How many of each are read back."""

_DONE = "fed:past"
_ARCHIVES = (PRESS, SPEECHES, TESTIMONY)
_WITH_PAGE = frozenset({"statement", "minutes"})  # their texts are compared with later ones
_ARCHIVE_AGAIN, _PAGE_AGAIN = timedelta(minutes=5), timedelta(seconds=30)


class Past:
    """Reads the past, once in the life of a store.

    keeper: stores a release as one behind which nothing is missing.
    """

    def __init__(self, store: Store, client: FedClient, keeper: Keeper) -> None:
        self._store, self._client, self._keeper = store, client, keeper
        self._known = False
        self._left: dict[str, list[Item]] = {}  # by archive, oldest first; of those that came
        self._asked: dict[str, datetime] = {}  # archives
        self._first_tried: dict[str, datetime] = {}  # pages that did not come, by the fact's id
        self._tried: dict[str, datetime] = {}
        self._since: datetime | None = None  # the oldest statement that is read back
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def waits_for(self, release_id: str) -> bool:
        """Whether a release has its place among those that are still to be read."""
        return any(fact_id(item) == release_id for item in self._items())

    @property
    def has_gaps(self) -> bool:
        """Whether a statement is waited for that stands before ones that are stored, or may be."""
        return any(sort_of(item) == "statement" for item in self._items())

    def look(self, now: datetime) -> int:
        """Read what is due of it; says how many releases were kept."""
        if self._is_known():
            return 0
        for name in _ARCHIVES:
            self._ask_archive(name, now)
        kept = sum(self._read(name, now) for name in list(self._left))
        self._tell_what_is_known(now)
        return kept

    def _tell_what_is_known(self, now: datetime) -> None:
        whole = [name for name in _ARCHIVES if self._left.get(name) == []]
        with self._store.writing():
            if PRESS in whole and self._since is not None:
                self._store.collection.cover(FED_DECISION.name, None, self._since)
                self._since = None
            if len(whole) == len(_ARCHIVES):
                self._store.collection.mark_polled(_DONE, now)
                self._log.info("fed.past_read")

    def _is_known(self) -> bool:
        self._known = self._known or self._store.collection.has_polled(_DONE)
        return self._known

    def _items(self) -> Iterator[Item]:
        return (item for items in self._left.values() for item in items)

    def _ask_archive(self, name: str, now: datetime) -> None:
        if name in self._left or not _passed(self._asked.get(name), now, _ARCHIVE_AGAIN):
            return
        self._asked[name] = now
        try:
            found = read_archive(self._client.archive(name), name=name)
        except (SourceUnavailable, SourceUnreadable) as error:
            self._log.warning("fed.past_not_read", reason=error.what, where=error.where)
            return
        items = _wanted(name, found)
        known = self._store.fed.known(fact_id(item) for item in items)
        self._left[name] = [item for item in items if fact_id(item) not in known]
        statements = [known_at(item, now) for item in items if sort_of(item) == "statement"]
        self._since = min(statements, default=self._since)

    def _read(self, name: str, now: datetime) -> int:
        """Keep what can be kept of an archive; behind one that waits those of its sort wait too."""
        kept, left = 0, list[Item]()
        for item in self._left[name]:
            waits = sort_of(item) in {sort_of(each) for each in left}
            release = None if waits else self._release(item, now)
            if release is None:
                left.append(item)
            else:
                kept += self._keeper.keep(release)
        self._left[name] = left
        return kept

    def _release(self, item: Item, now: datetime) -> Release | None:
        """With its text where that is compared with later ones; None while its page is due again.

        A page that is not there or is refused is done without at once.
        """
        release = Release(
            item=item,
            type=sort_of(item),
            known_at=known_at(item, now),
            url=self._client.address(page_of(item)),
            quiet=True,
        )
        if release.type not in _WITH_PAGE:
            return release
        if not _passed(self._tried.get(release.id), now, _PAGE_AGAIN):
            return None
        patient = release.id not in self._tried
        self._tried[release.id] = now
        try:
            return replace(release, body=self._client.release(release.url, patient=patient))
        except (NotThere, SourceUnreadable):
            pass
        except SourceUnavailable as error:
            if now - self._first_tried.setdefault(release.id, now) < PATIENCE:
                self._log.warning("fed.past_not_read", reason=error.what, where=error.where)
                return None
        return replace(release, marks=("page_missing",))


def _wanted(name: str, found: Sequence[Item]) -> list[Item]:
    """What is read back of an archive, oldest first."""
    if name == PRESS:
        items = [*_newest(found, "statement", STATEMENTS), *_newest(found, "minutes", MINUTES)]
        return sorted(items, key=in_order)
    return sorted(found, key=in_order)[-SPOKEN:]


def _newest(items: Sequence[Item], sort: str, count: int) -> list[Item]:
    found = [item for item in items if sort_of(item) == sort]
    return sorted(found, key=in_order)[-count:]


def _passed(last: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether so long has passed; a clock that was set back does not keep anything waiting."""
    return last is None or now - last >= span or now < last
