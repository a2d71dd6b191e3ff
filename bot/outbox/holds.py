"""Why messages wait, and for how long: for `bot outbox` and the chat, beside the bot that runs."""

from bot.notifiers import SHARED_LANES
from bot.outbox.lanes import EVERYWHERE
from bot.store import Delivery, Message, Store

_WAITS = (Delivery.PENDING, Delivery.PARKED)


class Holds:
    """What holds messages back as a store tells it now.

    A channel may be named by its name here and its id there: what holds one of its names holds all.
    """

    def __init__(self, store: Store) -> None:
        self._outbox = store.outbox
        self._pauses, self._reasons = self._outbox.pauses(), self._outbox.reasons()
        self._doubted = self._outbox.doubted()
        self._ids: dict[str, str] = {}

    def next_try(self, message: Message) -> int | None:
        """The earliest instant of the next attempt, or of the next look; None where none is to
        come."""
        if message.state is Delivery.UNCERTAIN and message.doubted_at is not None:
            return message.not_before or message.doubted_at
        if message.state not in _WAITS:
            return None
        return max([message.not_before or 0, *self._pauses_of(message).values()])

    def why(self, message: Message, now: int) -> str | None:
        """Why a message is not delivered: what its last attempt told, else what is in doubt before
        it, else why its lane pauses; None where nothing but its turn is to come."""
        if message.error or message.state not in _WAITS:
            return message.error
        here = self._id(message.channel)
        before = [each.id for each in self._doubted if self._id(each.channel) == here]
        if before:
            return f"behind {before[0]}, which may have arrived"
        lasting = {
            lane: until
            for lane, until in self._pauses_of(message).items()
            if until > now and lane in self._reasons
        }
        return self._reasons[max(lasting, key=lasting.__getitem__)] if lasting else None

    def parked(self) -> list[tuple[list[str], str]]:
        """Channels that take nothing, by the names under which messages wait for them, and how to
        mend it; EVERYWHERE stands for all channels."""
        waiting = dict.fromkeys(each.channel for each in self._outbox.unfinished())
        return [
            ([lane, *(name for name in waiting if name != lane and self._is(name, lane))], mend)
            for lane, mend in self._outbox.parked().items()
        ]

    def _pauses_of(self, message: Message) -> dict[str, int]:
        """Of the channel, and of what all channels share."""
        shared = (EVERYWHERE, *SHARED_LANES)
        return {
            lane: until
            for lane, until in self._pauses.items()
            if lane in shared or self._is(message.channel, lane)
        }

    def _is(self, name: str, other: str) -> bool:
        return self._id(name) == self._id(other)

    def _id(self, name: str) -> str:
        """By what id a channel has answered; else the name itself."""
        if name not in self._ids:
            self._ids[name] = self._outbox.place_of(name) or name
        return self._ids[name]
