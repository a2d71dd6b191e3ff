"""The outbox at work: in each lane one call at a time, looks before posts; changes beside them."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, to_ms
from bot.notifiers import Notifier
from bot.outbox.digesting import Digests
from bot.outbox.editing import Editing
from bot.outbox.lanes import EVERYWHERE, Calls, Lanes, edits_of
from bot.outbox.marking import Compose, Composer, Delays, stored_card
from bot.outbox.owner import Owner
from bot.outbox.patience import Patience
from bot.outbox.posting import Posting
from bot.outbox.reconcile import Reconciling
from bot.outbox.work import Work
from bot.store import Store

_AT_ONCE = 200
_HEAD_START_S = 0.05
"""So long a call has the floor: answers come within it mostly, and in the order of the calls."""
_FOR_ANSWERS_S = 0.4
"""So long a turn waits for answers; what hangs is asked for in the next one."""


class Outgoing:
    """The outbox at work with one way to notify.

    harmless: showing a message twice harms nobody, as on a terminal during a replay: an attempt
    that never ended is made again instead of being doubted.
    compose: the card of a message as it should be shown now; else as it was queued.
    ops_channel: where the owner is told of a channel that takes nothing; None: in the log only.
    stale_after: alerts that an outage has held back for longer are told in one digest.
    """

    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        *,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        harmless: bool = False,
        compose: Compose = stored_card,
        patience: Patience | None = None,
        ops_channel: str | None = None,
        stale_after: timedelta | None = None,
    ) -> None:
        self._store, self._notifier, self._clock = store, notifier, clock
        self._calls = Calls()
        patience = patience or Patience()
        log: FilteringBoundLogger = structlog.get_logger().bind(job="outbox")
        self._lanes = Lanes(store, notifier.lane)
        delays = Delays(store, self._lanes, worth=patience.delayed)
        work = Work(
            store=store, notifier=notifier, clock=clock, jitter=jitter, patience=patience,
            composer=Composer(compose, log), delays=delays, calls=self._calls, lanes=self._lanes,
            owner=Owner(store, ops_channel, clock=clock, log=log), log=log,
        )  # fmt: skip
        self._posting, self._editing = Posting(work), Editing(work)
        self._reconciling = Reconciling(work)
        self._digests = Digests(store, clock=clock, delays=delays, stale_after=stale_after)
        if harmless:
            store.outbox.begin_unfinished_again()
        else:
            store.outbox.doubt_unfinished(at=clock())
            self._bound_waits(log)

    def _bound_waits(self, log: FilteringBoundLogger) -> None:
        """No wait outlasts what it was begun for, though the clock was set back meanwhile."""
        if back := self._store.outbox.bound(self._clock(), pace=self._notifier.spacing):
            mend = "none: waits were shortened by it; let the clock follow a time server"
            log.warning("clock.was_set_back", by_s=round(back.total_seconds(), 1), mend=mend)

    def deliver(self) -> int:
        """Send what may be sent now; says how many calls were made.

        An alert waits for the digest of older ones in its channel, which comes when the time away
        is caught up with, but no longer than ten minutes.
        """
        self._digests.tell_due()
        self._digests.tell_overdue()
        if self._notifier.spacing:
            self._digests.fold(self._is_open)
        made = 0
        while made < _AT_ONCE:
            begun = self._begin_due()
            made += begun
            if not self._calls.finish(0 if begun else _FOR_ANSWERS_S) and not begun:
                break
        return made

    def tell_digest(self) -> None:
        """The time away is caught up with: what came too late is told in one message a channel."""
        self._digests.tell_too_old()

    def _begin_due(self) -> int:
        """Begin one call in each free lane that has something to do; says how many."""
        begun = 0
        busy = self._calls.busy()  # what these end with is not known to what is due now
        for lane, begin in self._due(self._clock()).items():
            if self._is_paused(EVERYWHERE):
                break
            if lane not in busy and begin():
                begun += 1
                self._calls.finish(_HEAD_START_S)
        return begun

    def _due(self, now: datetime) -> dict[str, Callable[[], bool]]:
        pauses, lane = self._store.outbox.pauses(), self._lanes
        if pauses.get(EVERYWHERE, 0) > to_ms(now):
            return {}
        due: dict[str, Callable[[], bool]] = {}
        for rows in self._reconciling.due(now):
            due.setdefault(lane(rows[0].channel), partial(self._reconciling.begin, rows))
        for message in self._posting.due(now, pauses):
            due.setdefault(lane(message.channel), partial(self._posting.begin, message))
        for message in self._editing.due(now, pauses):
            due.setdefault(edits_of(lane(message.channel)), partial(self._editing.begin, message))
        return due

    def _is_paused(self, lane: str) -> bool:
        return self._store.outbox.pauses().get(lane, 0) > to_ms(self._clock())

    def _is_open(self, channel: str) -> bool:
        """Whether messages of a channel go out now, as far as is known."""
        outbox, lane = self._store.outbox, self._lanes(channel)
        outages = outbox.outages()
        broken = any(each in outages and outages[each].until is None for each in (lane, EVERYWHERE))
        doubted = any(self._lanes(each.channel) == lane for each in outbox.doubted())
        return not (broken or doubted or self._is_paused(lane) or self._is_paused(EVERYWHERE))
