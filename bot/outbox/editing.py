"""Changes of messages where they stand, at a pace of their own: no alert waits for one."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.cards import Card
from bot.clock import to_ms
from bot.notifiers import (
    CredentialsRefused,
    Dead,
    Gone,
    NotSent,
    Outcome,
    Parked,
    Place,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.outbox.after import after, backoff, pause_lane
from bot.outbox.lanes import EDITS, edits_of
from bot.outbox.work import Work
from bot.store import Message

_LOOKS_FOR_PICTURE = 5


class Editing:
    """A change that may not have been made is made again: that harms nothing."""

    def __init__(self, work: Work) -> None:
        self._work, self._outbox = work, work.store.outbox

    def due(self, now: datetime, pauses: Mapping[str, int]) -> Iterator[Message]:
        """The oldest message of each lane that should show something else.

        What paces or limits posts is none of their business; what takes nothing takes no change.
        """
        instant, parked = to_ms(now), self._outbox.parked()
        if pauses.get(EDITS, 0) > instant:
            return
        for message in self._outbox.to_edit(now):
            lane = self._work.lane(message)
            if lane not in parked or pauses.get(lane, 0) <= instant:
                yield message

    def begin(self, message: Message) -> bool:
        """Start an attempt; False where another has begun too shortly before."""
        began = self._work.clock()
        if message.place is None or message.ts is None or self._is_paused(began):
            return False
        place, card = Place(message.place, message.ts), self._work.composer.card(message)
        self._outbox.pause(EDITS, at=began, until=began + self._work.notifier.edit_spacing)
        self._work.attempt(
            edits_of(self._work.lane(message)),
            lambda: self._work.notifier.update(place, card, revision=message.wanted),
            lambda outcome, ended: self._note(message, outcome, began, ended),
        )
        return True

    def _is_paused(self, now: datetime) -> bool:
        return self._outbox.pauses().get(EDITS, 0) > to_ms(now)

    def _note(self, message: Message, outcome: Outcome, began: datetime, ended: datetime) -> None:
        work, lane = self._work, self._work.lane(message)
        later = ended + backoff(message.failed_edits + 1, work.jitter)
        keys = {"message": message.id, "channel": message.channel}
        with work.store.writing():
            match outcome:
                case Sent() if outcome.degraded_by and _waits_for_picture(message):
                    self._outbox.edit_later(message, at=later, why=outcome.degraded_by[0])
                case Sent():
                    self._outbox.edited(message)
                    work.log.info("message.edited", revision=message.wanted, **keys)
                case Gone():
                    self._outbox.detach(message.id, why=outcome.why)
                    work.log.info("message.detached", why=outcome.why, **keys)
                case Refused() | Dead():
                    self._outbox.detach(message.id, why=outcome.why)
                    work.log.error("message.not_edited", why=outcome.why, **keys)
                case Wait():
                    until = ended + outcome.after + timedelta(seconds=work.jitter() / 4)
                    self._outbox.pause(EDITS, at=ended, until=until, why=outcome.why)
                case Parked() | CredentialsRefused():
                    self._outbox.edit_later(message, at=later, why=outcome.why)
                    next_ = after(outcome, attempts=1, now=ended, jitter=work.jitter,
                                  broken=work.broken(lane, ended))  # fmt: skip
                    if isinstance(outcome, Parked) and lane not in self._outbox.parked():
                        work.owner.parked(message.channel, outcome)
                    pause_lane(work.store, lane, next_, began=began, ended=ended,
                               spacing=work.notifier.spacing)  # fmt: skip
                case NotSent() | Uncertain():
                    self._outbox.edit_later(message, at=later, why=outcome.why)


def _waits_for_picture(message: Message) -> bool:
    """Slack shows a file once it has looked it through, which nobody is told of."""
    has_picture = Card.from_json(message.card).picture is not None
    return has_picture and message.failed_edits < _LOOKS_FOR_PICTURE
