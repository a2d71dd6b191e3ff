"""Watches the Federal Reserve: one look after another, each doing what is due.

It stops nothing else: what does not answer is a fact (``source_poll``), a line in the log when it
begins and one when it ends.  A regional bank that does not answer is no trouble of the source.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.central_bank.calendars import Calendars
from bot.central_bank.changes import Changes
from bot.central_bank.foreseen import Foreseen
from bot.central_bank.keeping import Keeper
from bot.central_bank.lists import FEEDS, Feed, Lists, Named
from bot.central_bank.pages import Pages
from bot.central_bank.past import Past
from bot.central_bank.release import Release
from bot.clock import Clock, to_ms
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.facts import FED_RELEASE, source_poll
from bot.sources.edgar.client import Ended
from bot.sources.fed.client import FedClient
from bot.store import Arrival, Store

_BUSY = timedelta(seconds=10)
_REGIONAL = timedelta(minutes=10)
_FIRST_WITH_TEXT = frozenset({"statement", "minutes"})

Trouble = SourceUnavailable | SourceUnreadable


class FedDesk:
    """Looks after everything of the Federal Reserve.

    every: how often the feeds are asked; around what the calendar announces every ten seconds.
    regional: addresses of lists of regional banks.
    judge: called when something new was stored.
    """

    def __init__(
        self,
        store: Store,
        client: FedClient,
        *,
        clock: Clock,
        every: timedelta,
        regional: Sequence[str] = (),
        judge: Callable[[], object] = lambda: None,
    ) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._every, self._regional, self._judge = every, regional, judge
        self.calendars = Calendars(client)
        self._lists = Lists(store, client)
        self._keeper = Keeper(
            store, clock=clock, meetings=self.calendars.meetings, sure=self._is_sure
        )
        self._past = Past(
            store, client, Keeper(store, clock=clock, meetings=self.calendars.meetings)
        )
        self._pages = Pages(client, self._keeper)
        self._foreseen = Foreseen(store, client, self._keeper)
        self._changes = Changes(store, client, self._keeper)
        self._asked: datetime | None = None
        self._regional_asked: datetime | None = None
        self._trouble: str | None = None
        self._regional_trouble: dict[str, str] = {}
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def look(self) -> None:
        """Do what is due now; raises nothing that a host of the Federal Reserve does."""
        now = self._clock()
        with suppress(Ended):  # it says nothing about the source
            self._look(now)

    def hang_up(self) -> None:
        """End what is under way and ask nothing more, from any thread."""
        self._client.hang_up()

    def close(self) -> None:
        self._client.close()

    def _look(self, now: datetime) -> None:
        self.calendars.look(now)
        self._kept(self._past.look(now))
        self._kept(self._foreseen.look(self.calendars.due(now), now))
        self._kept(self._pages.step(now))
        if self._is_due(now):
            self._asked = now
            self._ask_feeds(now)
        if self._regional and _passed(self._regional_asked, now, _REGIONAL):
            self._regional_asked = now
            for address in self._regional:
                self._ask_regional(address, now)
        if not self.calendars.is_busy(now):
            self._changes.look(now)

    def _is_due(self, now: datetime) -> bool:
        every = min(self._every, _BUSY) if self.calendars.is_busy(now) else self._every
        return _passed(self._asked, now, every)

    def _is_sure(self) -> bool:
        """Whether the release before each stored one is stored."""
        return not self._lists.has_gaps() and not self._past.has_gaps

    # The feeds of the Board.

    def _ask_feeds(self, now: datetime) -> None:
        """Ask all three; one that does not come keeps nobody from the others."""
        errors: list[Trouble] = []
        named: list[Named] = []
        for feed in FEEDS:
            try:
                named.append(self._ask_feed(feed, now))
            except (SourceUnavailable, SourceUnreadable) as error:
                errors.append(error)
        try:
            self._fill_gaps(now)
        except (SourceUnavailable, SourceUnreadable) as error:
            errors.append(error)
        self._tell(named, errors, now)

    def _ask_feed(self, feed: Feed, now: datetime) -> Named:
        named = self._lists.board(feed, now)
        new = [each for each in named.releases if not self._waits_for(each.id)]
        named = replace(named, releases=new)
        if named.first:
            self._keep_first(feed, named, now)
            return named
        before = {each.id for each in named.releases if each.type == "statement"}
        self._kept(self._pages.take(named.releases, now))
        for release in named.releases:
            if release.id in before and not release.quiet:
                self._foreseen.expect_note(release)
        return named

    def _waits_for(self, release_id: str) -> bool:
        """Whether a release is known and has its place, but not its page."""
        return self._pages.waits_for(release_id) or self._past.waits_for(release_id)

    def _keep_first(self, feed: Feed, named: Named, now: datetime) -> None:
        """What a feed holds at first is quiet and needs no page, but for what is compared later."""
        with_text = [each for each in named.releases if each.type in _FIRST_WITH_TEXT]
        self._pages.take(with_text, now)
        with self._store.writing():
            for release in named.releases:
                if release.type not in _FIRST_WITH_TEXT:
                    self._keeper.keep(release)
            self._lists.mark(feed.name, now)
            if all(self._store.collection.has_polled(f"fed:{each.name}") for each in FEEDS):
                self._store.collection.cover(FED_RELEASE.name, None, now)
        self._judge()

    def _fill_gaps(self, now: datetime) -> None:
        for feed, releases in self._lists.fill(now):
            self._kept(self._pages.take(releases, now))
            if not any(self._pages.waits_for(release.id) for release in releases):
                self._lists.close(feed)

    # The regional banks.

    def _ask_regional(self, address: str, now: datetime) -> None:
        try:
            named = self._lists.regional(address, now)
        except (SourceUnavailable, SourceUnreadable) as error:
            if address not in self._regional_trouble:
                self._log.warning("fed.list_not_read", list=address, reason=error.what)
            self._regional_trouble[address] = error.what
            return
        if self._regional_trouble.pop(address, None):
            self._log.info("fed.list_read_again", list=address)
        self._keep_regional(named.releases)
        if named.first:
            self._lists.mark(address, now)

    def _keep_regional(self, releases: Sequence[Release]) -> None:
        self._kept(sum(self._keeper.keep(release) for release in releases))

    # What is told.

    def _kept(self, count: int) -> None:
        if count:
            self._judge()

    def _tell(self, named: Sequence[Named], errors: Sequence[Trouble], now: datetime) -> None:
        if errors and self._trouble is None:
            self._log.warning("fed.does_not_answer", reason=errors[0].what, mend=errors[0].mend)
        if not errors and self._trouble is not None:
            self._log.info("fed.answers_again", after=self._trouble)
        self._trouble = errors[0].what if errors else None
        new = sum(len(each.releases) for each in named)
        if new:
            self._log.info("fed.asked", new=new)
        newest = max((each.newest_at for each in named if each.newest_at), default=None)
        told = [self._trouble] if self._trouble else []
        told += [f"left out, {text}" for each in named for text in each.unread]
        self._store_poll(now, new, newest, "; ".join(told) or None)

    def _store_poll(
        self, now: datetime, items: int, newest: datetime | None, error: str | None
    ) -> None:
        fact = source_poll(
            FED,
            now,
            ok=self._trouble is None,
            items=items,
            lag_seconds=None if newest is None else (now - newest).total_seconds(),
            error=error,
        )
        self._store.facts.add([Arrival(fact=fact, seen_at=to_ms(now))])


def _passed(last: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether so long has passed; a clock that was set back does not keep anything waiting."""
    return last is None or now - last >= span or now < last
