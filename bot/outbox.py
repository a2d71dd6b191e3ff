"""Delivers the messages that wait: oldest first in each channel, at its pace, never twice.

A message is marked before it is sent, so that a bot killed between sending and noting finds it as
*uncertain*: it may have arrived, and is not sent again without a look.  What is known not to have
arrived is tried again after a growing wait; what is refused for good is kept as a dead letter.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards import Card, digest_card
from bot.clock import Clock, to_ms
from bot.notifiers import (
    SHARED_LANES,
    CredentialsRefused,
    Dead,
    Gone,
    Notifier,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.store import Delivery, Message, NewMessage, Store

EVERYWHERE = "*"
"""The lane whose pause holds all others: no token, no message."""

_FIRST_RETRY = timedelta(seconds=1)
_LONGEST_RETRY = timedelta(minutes=5)
_PROBE_PARKED = timedelta(minutes=10)
_PROBE_CREDENTIALS = timedelta(minutes=5)
_AT_ONCE = 200
_WAIT_FOR_DIGEST = timedelta(minutes=10)

CROWD = 10
"""More alerts than this waiting for one channel are told in one digest: a channel takes about one
message a second, and Slack disables apps that press on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """What to note of a message after an attempt, and until when its lane pauses."""

    state: Delivery
    error: str | None = None
    not_before: datetime | None = None
    pause: datetime | None = None
    parked: str | None = None
    everywhere: bool = False


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
        self._tell_overdue_digest()
        if self._notifier.spacing:
            self._fold_crowds()
        tried = 0
        while tried < _AT_ONCE and (sendable := self._sendable()):
            for message in sendable:
                tried += 1
                if not self._send(message):
                    return tried
        return tried

    def tell_digest(self) -> None:
        """Put the alerts that are not told one by one into one message a channel.

        Those that are too old at once; those over a rule's daily cap when their day has ended.
        """
        now = to_ms(self._clock())
        for channel in self._store.outbox.channels_with_digest():
            with self._store.writing():
                rows = self._store.outbox.digest_rows(channel)
                if stale := [each for each in rows if each.not_before is None]:
                    told = f"While the bot was away: {_count(stale)}, too old to tell one by one"
                    self._fold(channel, stale, told)
                if over := [each for each in rows if (each.not_before or now + 1) <= now]:
                    self._fold(channel, over, f"Over the daily cap: {_count(over)} more")

    def _tell_overdue_digest(self) -> None:
        """A digest that catching up still keeps back, as while EDGAR does not answer."""
        overdue = to_ms(self._clock() - _WAIT_FOR_DIGEST)
        if any(queued_at < overdue for _, queued_at in self._store.outbox.too_old().values()):
            self.tell_digest()

    def _fold_crowds(self) -> None:
        """Where alerts come faster than a channel takes them, one message tells them all."""
        for channel in self._store.outbox.crowded(CROWD):
            with self._store.writing():
                waiting = self._store.outbox.waiting_in(channel)
                alerts = [each for each in waiting if each.message_id > 0]
                span_s = (alerts[-1].created_at - alerts[0].created_at) / 1000 if alerts else 0
                if len(alerts) > CROWD:
                    self._fold(channel, alerts, f"{_count(alerts)} in {span_s:.0f} s")

    def _fold(self, channel: str, messages: Sequence[Message], headline: str) -> None:
        card = digest_card([Card.from_json(each.card) for each in messages], headline)
        digest = NewMessage(
            message_id=card.alert_id,
            channel=channel,
            created_at=to_ms(self._clock()),
            text=card.text,
            card=card.to_json(),
        )
        self._store.outbox.add_digest(digest, [each.id for each in messages])

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
        after = self._after(outcome, message.attempts + 1, now)
        with self._store.writing():
            place, ts = (outcome.channel, outcome.ts) if isinstance(outcome, Sent) else (None, None)
            outbox.settle(
                message, after.state, at=now, error=after.error, not_before=after.not_before,
                place=place, ts=ts,
            )  # fmt: skip
            if after.everywhere:
                outbox.pause(
                    EVERYWHERE, until=after.pause or now, parked=after.parked, why=after.error
                )
            else:
                pause = after.pause or now + self._notifier.spacing
                why = after.error if after.pause else None
                outbox.pause(lane, until=pause, parked=after.parked, why=why)
        self._tell(message, outcome)
        return not after.everywhere

    def _after(self, outcome: Outcome, attempts: int, now: datetime) -> _Next:
        match outcome:
            case Sent():
                return _Next(state=Delivery.SENT)
            case NotSent():
                wait = min(_FIRST_RETRY * 2.0 ** min(attempts - 1, 20), _LONGEST_RETRY)
                return _Next(
                    state=Delivery.PENDING,
                    error=outcome.why,
                    not_before=now + wait * (0.5 + self._jitter() / 2),
                )
            case Wait():
                until = now + outcome.after + timedelta(seconds=self._jitter() / 4)
                return _Next(state=Delivery.PENDING, error=outcome.why, pause=until)
            case Parked():
                told = f"{outcome.why}: {outcome.mend}"
                until = now + _PROBE_PARKED
                return _Next(state=Delivery.PARKED, error=told, pause=until, parked=told)
            case CredentialsRefused():
                told = f"{outcome.why}: {outcome.mend}"
                until = now + _PROBE_CREDENTIALS
                return _Next(state=Delivery.PENDING, error=told, pause=until, parked=told,
                             everywhere=True)  # fmt: skip
            case Refused():
                told = "; ".join((outcome.why, *outcome.pointers))
                return _Next(state=Delivery.DEAD, error=told)
            case Dead():
                return _Next(state=Delivery.DEAD, error=outcome.why)
            case Gone():
                return _Next(state=Delivery.PENDING, error=outcome.why)
            case Uncertain():
                return _Next(state=Delivery.UNCERTAIN, error=outcome.why)

    def _tell(self, message: Message, outcome: Outcome) -> None:
        """message: as `bot outbox` numbers it; alert: as `bot history` does, None for a digest."""
        alert = message.message_id if message.message_id > 0 else None
        keys = {"message": message.id, "alert": alert, "channel": message.channel}
        match outcome:
            case Sent():
                for why in outcome.degraded_by:
                    self._log.warning("message.degraded", why=why, **keys)
                self._log.info("message.sent", **keys)
            case NotSent() | Wait() | Gone():
                self._log.info("message.waits", why=outcome.why, **keys)
            case Parked() | CredentialsRefused():
                self._log.error("message.held", why=outcome.why, mend=outcome.mend, **keys)
            case Uncertain():
                mend = f"look there; then bot outbox settle {message.id}, or retry --anyway"
                self._log.error("message.uncertain", why=outcome.why, mend=mend, **keys)
            case Refused() | Dead():
                mend = f"bot outbox retry {message.id} after mending"
                self._log.error("message.not_delivered", why=outcome.why, mend=mend, **keys)


def next_try(message: Message, pauses: Mapping[str, int]) -> int | None:
    """The earliest instant of the next attempt; None where there is none to come.

    pauses: of all lanes; a message may go by its channel's own, or by one that all channels share.
    """
    if message.state not in (Delivery.PENDING, Delivery.PARKED):
        return None
    return max(message.not_before or 0, *(pauses.get(lane, 0) for lane in _lanes(message)))


def why_it_waits(
    message: Message, pauses: Mapping[str, int], reasons: Mapping[str, str], now: int
) -> str | None:
    """Why a message is not delivered: what its last attempt told, else why its lane pauses; None
    where nothing but its turn is to come."""
    if message.error or next_try(message, pauses) is None:
        return message.error
    lasting = [lane for lane in _lanes(message) if pauses.get(lane, 0) > now and lane in reasons]
    return reasons[max(lasting, key=pauses.__getitem__)] if lasting else None


def _lanes(message: Message) -> tuple[str, ...]:
    return (message.channel, EVERYWHERE, *SHARED_LANES)


def _count(messages: Sequence[Message]) -> str:
    return f"{len(messages)} alert{'s' * (len(messages) != 1)}"
