"""What the lists name that is not known: feeds of the Board, their archives after a gap, and lists
of the regional banks.

A first look is silent.  A feed that shares no item with what is known left out what came between:
its archive is read, and until it was, no release before is taken for the one before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.central_bank.release import Release, fact_id, in_order, known_at, page_of, sort_of
from bot.clock import from_ms, from_text, to_text
from bot.sources.fed.archives import PRESS, SPEECHES, TESTIMONY, read_archive
from bot.sources.fed.client import FedClient
from bot.sources.fed.feeds import read_feed
from bot.sources.fed.items import Item
from bot.sources.fed.lists import bank_of, read_list
from bot.store import Store

GAPS = "fed:gaps"
"""Where gaps that are still open are noted."""

_AGAIN = timedelta(minutes=5)
_MANY_UNDATED = 5  # at once: no speeches of one look, but a page with new addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed of the Board.  folder: of its items' ids.  archive: the list of all of them."""

    name: str
    folder: str
    archive: str


FEEDS = (
    Feed(name="press_all", folder="fed:pressreleases/", archive=PRESS),
    Feed(name="speeches", folder="fed:speech/", archive=SPEECHES),
    Feed(name="testimony", folder="fed:testimony/", archive=TESTIMONY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a look at one list brought: releases not known before, oldest first.

    list: its name, by which the first look is noted once they are stored.
    newest_at: when the newest item of the list was published.
    first: whether nothing was known of it.  unread: items that could not be read.
    """

    list: str
    releases: Sequence[Release]
    newest_at: datetime | None
    first: bool = False
    unread: tuple[str, ...] = ()


class Lists:
    """Asks the lists and tells what they name anew.

    Methods raise SourceUnavailable or SourceUnreadable where a list does not come.
    """

    def __init__(self, store: Store, client: FedClient) -> None:
        self._store, self._client = store, client
        self._gap_asked: dict[str, datetime] = {}
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def board(self, feed: Feed, now: datetime) -> Named:
        """What a feed of the Board names, and what its archive has of an open gap."""
        found = read_feed(self._client.feed(feed.name), where=feed.name)
        since = self._store.collection.polled_since(_name(feed.name))
        new = self._unknown(found.items)
        if since is not None and len(new) == len(found.items):
            self._note_gap(feed)
        releases = self._releases(new, now, since)
        return Named(
            list=feed.name,
            releases=releases,
            newest_at=max((i.published_at for i in found.items if i.published_at), default=None),
            first=since is None,
            unread=found.unread,
        )

    def regional(self, address: str, now: datetime) -> Named:
        """What a list of a regional bank names."""
        items = read_list(self._client.list_of_links(address), address=address)
        since = self._store.collection.polled_since(_name(address))
        new = self._unknown(items)
        undated = [item for item in new if item.published_at is None]
        odd = len(undated) > _MANY_UNDATED
        if odd and since is not None:
            self._log.warning("fed.list_changed", list=address, new=len(undated))
        releases = [
            Release(
                item=item,
                type="speech",
                known_at=known_at(item, now),
                url=item.link,
                quiet=_is_quiet(item, since) or (odd and item.published_at is None),
                bank=bank_of(address),
            )
            for item in sorted(new, key=in_order)
        ]
        newest = max((i.published_at for i in items if i.published_at), default=None)
        return Named(list=address, releases=releases, newest_at=newest, first=since is None)

    def mark(self, name: str, at: datetime) -> None:
        """Note that the first look at a list was kept."""
        self._store.collection.mark_polled(_name(name), at)

    # Gaps.

    def has_gaps(self) -> bool:
        """Whether releases between the stored ones may be missing."""
        return bool(self._store.collection.pending(GAPS))

    def fill(self, now: datetime) -> Iterator[tuple[Feed, list[Release]]]:
        """Releases that archives have of the open gaps; call ``close`` once they are stored."""
        for told in self._store.collection.pending(GAPS):
            feed = next(each for each in FEEDS if each.name == told["feed"])
            asked = self._gap_asked.get(feed.name)
            if asked is not None and now - asked < _AGAIN:
                continue
            self._gap_asked[feed.name] = now
            since = from_text(told["since"])
            rows = read_archive(self._client.archive(feed.archive), name=feed.archive)
            missed = [item for item in self._unknown(rows) if known_at(item, now) >= since]
            self._log.info("fed.gap_filled", feed=feed.name, since=told["since"], new=len(missed))
            yield feed, self._releases(missed, now, since)

    def close(self, feed: Feed) -> None:
        """Note that a gap is filled."""
        self._save_gaps({each["feed"]: each for each in self._gaps() if each["feed"] != feed.name})

    def _note_gap(self, feed: Feed) -> None:
        newest = self._store.fed.newest_release(feed.folder)
        gaps = {each["feed"]: each for each in self._gaps()}
        if newest is None or feed.name in gaps:
            return
        since = to_text(from_ms(newest))
        self._log.warning("fed.gap", feed=feed.name, since=since)
        self._save_gaps({**gaps, feed.name: {"feed": feed.name, "since": since}})

    def _gaps(self) -> list[dict[str, str]]:
        return self._store.collection.pending(GAPS)

    def _save_gaps(self, gaps: dict[str, dict[str, str]]) -> None:
        self._store.collection.save_pending(GAPS, gaps)

    # Items.

    def _unknown(self, items: Sequence[Item]) -> list[Item]:
        known = self._store.fed.known(fact_id(item) for item in items)
        return [item for item in items if fact_id(item) not in known]

    def _releases(
        self, items: Sequence[Item], now: datetime, since: datetime | None
    ) -> list[Release]:
        return [
            Release(
                item=item,
                type=sort_of(item),
                known_at=known_at(item, now),
                url=self._client.address(page_of(item)),
                quiet=_is_quiet(item, since),
            )
            for item in sorted(items, key=in_order)
        ]


def _name(name: str) -> str:
    return f"fed:{name}"


def _is_quiet(item: Item, since: datetime | None) -> bool:
    """What was published before the first look at its list is no news."""
    return since is None or (item.published_at is not None and item.published_at <= since)
