"""Looks where a release will stand, from half a minute before it is due: the page is there at once,
while the feed follows when it does.

What is found at a foreseen address counts only if it is what was expected there: the same address
may carry a cover page, or nothing final yet.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.central_bank.keeping import Keeper
from bot.central_bank.pages import NOT_FINAL
from bot.central_bank.reading import article_of
from bot.central_bank.release import Release, fact_id, sort_of
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.fed.expected import Expected, Sort
from bot.sources.fed.client import FedClient, NotThere
from bot.sources.fed.items import BASE, Item
from bot.store import Store

_GAP = timedelta(seconds=3)
_NOTE_WITHIN = timedelta(minutes=10)
_TITLES = {Sort.MINUTES: "Minutes of the Federal Open Market Committee"}


class Foreseen:
    """Asks for pages that are due; says how many releases it kept."""

    def __init__(self, store: Store, client: FedClient, keeper: Keeper) -> None:
        self._store, self._client, self._keeper = store, client, keeper
        self._asked: dict[str, datetime] = {}
        self._seen: dict[str, datetime] = {}
        self._notes: dict[str, Release] = {}

    def look(self, due: list[Expected], now: datetime) -> int:
        """Ask once for each that is due and not known, and for notes to statements found."""
        return sum(self._look_for(each, now) for each in due) + self._look_for_notes(now)

    def expect_note(self, statement: Release) -> None:
        """The implementation note to a statement stands beside it and in no list."""
        link = statement.item.link.removesuffix(".htm") + "1.htm"
        self._notes[link] = statement

    def _look_for(self, due: Expected, now: datetime) -> int:
        item = _item(due, now)
        if self._store.fed.known([fact_id(item)]) or not self._may_ask(due.path, now):
            return 0
        try:
            body = self._client.release(due.path, patient=False)
        except (NotThere, SourceUnavailable, SourceUnreadable):
            return 0  # not yet; an outage shows in the feeds
        release = self._read(item, body)
        if release is None:
            return 0
        told = self._keeper.read(release)
        since = self._seen.setdefault(due.path, now)
        if told.unread and now - since < NOT_FINAL:
            return 0
        kept = self._keeper.keep(release, told)
        if kept and due.sort is Sort.STATEMENT:
            self.expect_note(release)
        return int(kept)

    def _read(self, item: Item, body: bytes) -> Release | None:
        """The release that a page is; None where it is another or not final."""
        release = _release(item, body, self._client.url)
        try:
            article = article_of(release)
        except SourceUnreadable:
            return None
        if article is None or not article.title:
            return None
        sort = sort_of(_titled(item, article.title))
        if sort != sort_of(item):
            return None
        shown = article.published_on
        if sort == "statement" and shown is not None and shown != item.published_on:
            return None
        return _release(_titled(item, article.title), body, self._client.url)

    def _look_for_notes(self, now: datetime) -> int:
        kept = 0
        for link, statement in list(self._notes.items()):
            if now - statement.known_at > _NOTE_WITHIN:
                del self._notes[link]
            elif self._may_ask(link, now):
                kept += self._take_note(link, statement)
        return kept

    def _take_note(self, link: str, statement: Release) -> int:
        try:
            body = self._client.release(link, patient=False)
        except (NotThere, SourceUnavailable, SourceUnreadable):
            return 0
        del self._notes[link]
        item = Item(
            link=link,
            title="Decisions Regarding Monetary Policy Implementation",
            published_at=statement.known_at,
            published_on=statement.item.published_on,
            category=statement.item.category,
        )
        note = Release(
            item=item,
            type="implementation_note",
            known_at=statement.known_at,
            url=self._client.address(link),
            body=body,
            quiet=statement.quiet,
        )
        return int(self._keeper.keep(note))

    def _may_ask(self, path: str, now: datetime) -> bool:
        asked = self._asked.get(path)
        if asked is not None and now - asked < _GAP:
            return False
        self._asked[path] = now
        return True


def _item(due: Expected, now: datetime) -> Item:
    """What is expected, as a list would name it; seen before its time it is known from then."""
    statement = due.sort is Sort.STATEMENT
    return Item(
        link=BASE + due.path,
        title="Federal Reserve issues FOMC statement" if statement else _TITLES[due.sort],
        published_at=min(due.at, now),
        published_on=due.meeting_on if statement else None,
        category="Monetary Policy",
    )


def _titled(item: Item, title: str) -> Item:
    return replace(item, title=title)


def _release(item: Item, body: bytes, url: str) -> Release:
    at = item.published_at
    if at is None:
        raise ValueError(f"{item.link} was expected at no instant")
    path = item.link.removeprefix(BASE)
    return Release(item=item, type=sort_of(item), known_at=at, url=url + path, body=body)
