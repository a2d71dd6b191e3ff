"""Posts of messages that wait: whose turn it is, one attempt, and what is noted of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.clock import to_ms
from bot.notifiers import Dead, Gone, Outcome, Parked, Place, Refused, Sent
from bot.outbox.after import after, pause_lane
from bot.outbox.lanes import EVERYWHERE
from bot.outbox.telling import tell
from bot.outbox.work import Work
from bot.store import Delivery, Message


class Posting:
    def __init__(self, work: Work) -> None:
        self._work, self._outbox = work, work.store.outbox

    def due(self, now: datetime, pauses: Mapping[str, int]) -> Iterator[Message]:
        """The waiting message of each lane that does not pause whose turn it is."""
        instant = to_ms(now)
        oldest: dict[str, Message] = {}
        older = self._outbox.too_old()
        doubted = {self._work.lanes.channel(each.channel) for each in self._outbox.doubted()}
        for message in self._outbox.oldest_of_each_channel():
            if self._work.lanes.channel(message.channel) in doubted:
                continue
            if message.channel not in older or message.id < older[message.channel][0]:
                oldest.setdefault(self._work.lane(message), message)
        for lane, message in oldest.items():
            if pauses.get(lane, 0) <= instant and (message.not_before or 0) <= instant:
                yield message

    def begin(self, message: Message) -> bool:
        """Start an attempt; False where the message has changed since it was looked up."""
        began, lane = self._work.clock(), self._work.lane(message)
        root = self._outbox.root_of(message)
        delayed = self._work.delays.told_on(message, now=began)
        if not self._outbox.mark_sending(
            message, at=began, thread=root.ts if root else None, delayed=delayed
        ):
            return False
        card = self._work.composer.card(replace(message, delayed=delayed))
        thread = Place(root.place, root.ts) if root and root.place and root.ts else None
        self._work.attempt(
            lane,
            lambda: self._work.notifier.send(
                message.channel,
                card,
                revision=message.wanted,
                thread=thread,
                broadcast=message.broadcast,
            ),
            lambda outcome, ended: self._note(message, root, outcome, began, ended),
        )
        return True

    def _note(
        self,
        message: Message,
        root: Message | None,
        outcome: Outcome,
        began: datetime,
        ended: datetime,
    ) -> None:
        work, lane = self._work, self._work.lane(message)
        sent = outcome if isinstance(outcome, Sent) else Sent()
        next_ = after(
            outcome, attempts=message.attempts + 1, now=ended, jitter=work.jitter,
            broken=work.broken(lane, ended),
        )  # fmt: skip
        with work.store.writing():
            if isinstance(outcome, Dead | Refused) and not self._outbox.died_of(
                message.channel, outcome.why
            ):
                work.owner.dead(message, outcome.why)
            self._outbox.settle(
                message, next_.state, at=ended, error=next_.error,
                not_before=next_.not_before or self._first_look(next_.state, ended),
                place=sent.channel, ts=sent.ts,
            )  # fmt: skip
            if isinstance(outcome, Gone) and root is not None:
                self._outbox.detach(root.id, why=outcome.why)
            if isinstance(outcome, Parked) and lane not in self._outbox.parked():
                work.owner.parked(message.channel, outcome)
            pause_lane(
                work.store, lane, next_, began=began, ended=ended, spacing=work.notifier.spacing
            )
            if isinstance(outcome, Sent):
                self._outbox.takes_again(EVERYWHERE, at=ended)
                if work.notifier.may_repeat:
                    self._outbox.repeat_left()
                if self._outbox.takes_again(lane, at=ended):
                    work.owner.resumed(message.channel)
            if sent.channel is not None:
                work.lanes.know(message.channel, sent.channel)
        tell(work.log, message, outcome)

    def _first_look(self, state: Delivery, ended: datetime) -> datetime | None:
        """When to look first for what is uncertain."""
        if state is not Delivery.UNCERTAIN:
            return None
        patience = self._work.patience
        return ended + (patience.settle if self._work.notifier.may_repeat else patience.first_look)
