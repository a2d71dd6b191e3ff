"""Alerts that are not told one by one share a message."""

from collections.abc import Sequence
from datetime import timedelta

from bot.cards import Card, digest_card
from bot.clock import Clock, to_ms
from bot.store import Message, NewMessage, Store

_WAIT_FOR_DIGEST = timedelta(minutes=10)

CROWD = 10
"""More alerts than this waiting for one channel are told in one digest: a channel takes about one
message a second, and Slack disables apps that press on."""


class Digests:
    """Makes the digests of one store."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def tell(self) -> None:
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

    def tell_overdue(self) -> None:
        """Tell what catching up still keeps back, as while EDGAR does not answer."""
        overdue = to_ms(self._clock() - _WAIT_FOR_DIGEST)
        if any(queued_at < overdue for _, queued_at in self._store.outbox.too_old().values()):
            self.tell()

    def fold_crowds(self) -> None:
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


def _count(messages: Sequence[Message]) -> str:
    return f"{len(messages)} alert{'s' * (len(messages) != 1)}"
