"""Tells whoever looks after the bot what only they can mend."""

from zlib import crc32

from structlog.typing import FilteringBoundLogger

from bot.cards import Card, Line
from bot.clock import Clock, to_ms
from bot.notifiers import Parked
from bot.store import NewMessage, Store

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
        if self._ops_channel is None or self._ops_channel == channel:
            return
        now = to_ms(self._clock())
        card = Card(
            alert_id=_NUMBERS_FROM - crc32(f"{channel} {now}".encode()),
            rule="outbox",
            severity="high",
            headlines=(f"{channel} takes no messages: {outcome.why}",),
            lines=(
                Line(label="Mend", text=outcome.mend),
                Line(label="Meanwhile", text="its alerts wait; it is tried again and again"),
            ),
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
