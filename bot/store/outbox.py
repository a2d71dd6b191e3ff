"""Messages not yet sent, and what became of those that were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.clock import to_ms
from bot.store.database import Connections


class Delivery(StrEnum):
    """The state of a message on its way to one channel."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to deliver once to one channel.

    message_id: the decision that leads it.  card: the rendered card as JSON.
    """

    message_id: int
    channel: str
    created_at: int
    text: str
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the outbox."""

    id: int
    message_id: int
    channel: str
    state: Delivery
    created_at: int
    attempts: int
    text: str
    card: str


class Outbox:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, messages: Sequence[NewMessage]) -> None:
        """Queue messages; one already queued for its channel is not queued again."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO outbox "
                "(message_id, channel, state, created_at, attempts, text, card) "
                "VALUES (?, ?, 'pending', ?, 0, ?, ?) "
                "ON CONFLICT (message_id, channel) DO NOTHING",
                [(m.message_id, m.channel, m.created_at, m.text, m.card) for m in messages],
            )

    def rewrite(self, message_id: int, *, text: str, card: str) -> None:
        """Put other words into a message where it still waits; what was sent stays."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET text = ?, card = ? WHERE message_id = ? AND state = 'pending'",
                (text, card, message_id),
            )

    def due(self, limit: int) -> list[Message]:
        """The oldest messages that wait."""
        return self._select("state = 'pending' ORDER BY id LIMIT ?", (limit,))

    def all(self) -> list[Message]:
        return self._select("1 ORDER BY id", ())

    def mark_sent(self, message: Message, *, at: datetime) -> None:
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET state = 'sent', sent_at = ?, attempts = attempts + 1 "
                "WHERE id = ?",
                (to_ms(at), message.id),
            )

    def _select(self, where: str, parameters: Sequence[object]) -> list[Message]:
        rows = self._connections.connection.execute(
            "SELECT id, message_id, channel, state, created_at, attempts, text, card "
            f"FROM outbox WHERE {where}",
            parameters,
        )
        return [
            Message(
                id=row[0],
                message_id=row[1],
                channel=row[2],
                state=Delivery(row[3]),
                created_at=row[4],
                attempts=row[5],
                text=row[6],
                card=row[7],
            )
            for row in rows
        ]
