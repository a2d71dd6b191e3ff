"""The outbox at work: whose turn it is, one attempt, and what is noted of it."""

import random
from collections.abc import Callable

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards import Card
from bot.clock import Clock, to_ms
from bot.notifiers import Notifier, Sent
from bot.outbox.after import after
from bot.outbox.digesting import Digests
from bot.outbox.lanes import EVERYWHERE
from bot.outbox.telling import tell
from bot.store import Message, Store

_AT_ONCE = 200


class Outgoing:
    """The outbox at work with one way to notify.

    harmless: showing a message twice harms nobody, as on a terminal during a replay: an attempt
    that never ended is made again instead of being doubted.
    """

    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        *,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        harmless: bool = False,
    ) -> None:
        self._store, self._notifier = store, notifier
        self._clock, self._jitter = clock, jitter
        self._digests = Digests(store, clock=clock)
        self._log: FilteringBoundLogger = structlog.get_logger().bind(job="outbox")
        if harmless:
            store.outbox.begin_unfinished_again()
        else:
            store.outbox.doubt_unfinished()

    def deliver(self) -> int:
        """Send what may be sent now; says how many messages were tried.

        An alert waits for the digest of older ones in its channel, which comes when the time away
        is caught up with, but no longer than ten minutes.
        """
        self._digests.tell_overdue()
        if self._notifier.spacing:
            self._digests.fold_crowds()
        tried = 0
        while tried < _AT_ONCE and (sendable := self._sendable()):
            for message in sendable:
                tried += 1
                if not self._send(message):
                    return tried
        return tried

    def tell_digest(self) -> None:
        """Put the alerts that are not told one by one into one message a channel."""
        self._digests.tell()

    def _sendable(self) -> list[Message]:
        """The oldest waiting message of each lane that does not pause."""
        now = to_ms(self._clock())
        pauses = self._store.outbox.pauses()
        if pauses.get(EVERYWHERE, 0) > now:
            return []
        oldest: dict[str, Message] = {}
        older = self._store.outbox.too_old()
        for message in self._store.outbox.oldest_of_each_channel():
            if message.channel not in older or message.id < older[message.channel][0]:
                oldest.setdefault(self._notifier.lane(message.channel), message)
        return [
            message
            for lane, message in oldest.items()
            if pauses.get(lane, 0) <= now and (message.not_before or 0) <= now
        ]

    def _send(self, message: Message) -> bool:
        """One attempt; False where after it nothing can be sent anywhere."""
        outbox, lane = self._store.outbox, self._notifier.lane(message.channel)
        if not outbox.mark_sending(message, at=self._clock()):
            return True
        outcome = self._notifier.send(message.channel, Card.from_json(message.card))
        now = self._clock()
        next_ = after(outcome, attempts=message.attempts + 1, now=now, jitter=self._jitter)
        with self._store.writing():
            place, ts = (outcome.channel, outcome.ts) if isinstance(outcome, Sent) else (None, None)
            outbox.settle(
                message, next_.state, at=now, error=next_.error, not_before=next_.not_before,
                place=place, ts=ts,
            )  # fmt: skip
            if next_.everywhere:
                outbox.pause(
                    EVERYWHERE, until=next_.pause or now, parked=next_.parked, why=next_.error
                )
            else:
                pause = next_.pause or now + self._notifier.spacing
                why = next_.error if next_.pause else None
                outbox.pause(lane, until=pause, parked=next_.parked, why=why)
        tell(self._log, message, outcome)
        return not next_.everywhere
