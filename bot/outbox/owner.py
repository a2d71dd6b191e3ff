"""Tells whoever looks after the bot what only they can mend."""

from zlib import crc32

from structlog.typing import FilteringBoundLogger

from bot.cards import Card, Line
from bot.clock import Clock, to_ms
from bot.notifiers import Parked
from bot.store import Message, NewMessage, Store

_NUMBERS_FROM = -(10**15)
"""Their messages are numbered from here downwards."""


class Owner:
    """ops_channel: where the bot tells of its own troubles; None: in the log only."""

    def __init__(
        self, store: Store, ops_channel: str | None, *, clock: Clock, log: FilteringBoundLogger
    ) -> None:
        self._store, self._ops_channel = store, ops_channel
        self._clock, self._log = clock, log

    def parked(self, channel: str, outcome: Parked) -> None:
        """A channel takes nothing; told once, until it takes messages again."""
        self._log.error("channel.parked", channel=channel, why=outcome.why, mend=outcome.mend)
        if self._ops_channel != channel:
            meanwhile = "its alerts wait; it is tried again and again"
            self._tell(f"{channel} takes no messages: {outcome.why}", outcome.mend, meanwhile)

    def dead(self, message: Message, why: str) -> None:
        """A message was refused for good; told once a channel and cause, while one is left.

        A word to the owner that is refused itself stays in the log: no word is told of it.
        """
        if message.message_id <= _NUMBERS_FROM:
            return
        alert = f"alert #{message.message_id}" if message.message_id > 0 else "a digest"
        mend = f"bot outbox retry {message.id} once it is mended; bot outbox lists all such"
        meanwhile = "other alerts go on; the same cause is told no more until these are sent"
        self._tell(f"{message.channel} has refused {alert} for good: {why}", mend, meanwhile)

    def _tell(self, headline: str, mend: str, meanwhile: str) -> None:
        if self._ops_channel is None:
            return
        now = to_ms(self._clock())
        card = Card(
            alert_id=_NUMBERS_FROM - crc32(f"{headline} {now}".encode()),
            rule="outbox",
            severity="high",
            headlines=(headline,),
            lines=(Line(label="Mend", text=mend), Line(label="Meanwhile", text=meanwhile)),
        )
        message = NewMessage(
            message_id=card.alert_id,
            channel=self._ops_channel,
            created_at=now,
            text=card.text,
            card=card.to_json(),
        )
        self._store.outbox.add([message])

    def resumed(self, channel: str) -> None:
        self._log.info("channel.resumed", channel=channel)
