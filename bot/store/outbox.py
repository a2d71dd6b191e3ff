"""Messages not yet sent, and what became of those that were."""

from collections.abc import Sequence

from bot.store.deliveries import Deliveries
from bot.store.digests import Digests
from bot.store.doubts import Doubts
from bot.store.lanes import Lanes
from bot.store.messages import WAITING, Delivery, Message, NewMessage, Reconciled
from bot.store.standing import Standing
from bot.store.threads import Threads
from bot.store.waits import Waits

__all__ = ["Delivery", "Message", "NewMessage", "Outbox", "Reconciled"]


class Outbox(Deliveries, Digests, Doubts, Standing, Threads, Lanes, Waits):
    """Messages by the channel they are for."""

    # Queueing.

    def add(self, messages: Sequence[NewMessage]) -> None:
        """Queue messages; one already queued for its channel is not queued again."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO outbox "
                "(message_id, channel, state, created_at, not_before, attempts, text, card, "
                "subject, severity, parent, broadcast, digest_key, digest_why, corrects, known_at) "
                "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (message_id, channel) DO NOTHING",
                [
                    (
                        m.message_id,
                        m.channel,
                        _first_state(m),
                        m.created_at,
                        m.not_before,
                        m.text,
                        m.card,
                        m.subject,
                        m.severity,
                        m.parent,
                        m.broadcast,
                        m.digest_key,
                        m.digest_why,
                        m.corrects,
                        m.known_at,
                    )
                    for m in messages
                ],
            )

    def rewrite(self, message_id: int, *, text: str, card: str) -> list[str]:
        """Put other words into a message where it still waits; what was sent stays.

        Gives the channels in which it was sent, or tried, and so keeps its old words.
        """
        waits = "(state IN ('pending', 'parked') OR (state = 'digest' AND digest_id IS NULL))"
        with self._connections.writing() as connection:
            connection.execute(
                f"UPDATE outbox SET text = ?, card = ? WHERE message_id = ? AND {waits}",
                (text, card, message_id),
            )
            left = connection.execute(
                f"SELECT channel FROM outbox WHERE message_id = ? AND NOT {waits} ORDER BY id",
                (message_id,),
            )
            return [channel for (channel,) in left]

    # Digests.

    def crowded(self, most: int) -> list[str]:
        """Channels in which more messages wait than this."""
        rows = self._connections.connection.execute(
            f"SELECT channel FROM outbox WHERE {WAITING} GROUP BY channel HAVING COUNT(*) > ?",
            (most,),
        )
        return [channel for (channel,) in rows]

    def waiting_in(self, channel: str) -> list[Message]:
        """The messages that wait for a channel, oldest first."""
        return self._select(f"channel = ? AND {WAITING} ORDER BY id", (channel,))

    def add_digest(self, message: NewMessage, told: Sequence[int]) -> None:
        """Queue a digest and note which messages it tells of: they are not sent by themselves, and
        their corrections answer the digest."""
        with self._connections.writing() as connection:
            self.add([message])
            (number,) = connection.execute(
                "SELECT id FROM outbox WHERE message_id = ? AND channel = ?",
                (message.message_id, message.channel),
            ).fetchone()
            connection.executemany(
                "UPDATE outbox SET state = 'digest', digest_id = ? WHERE id = ?",
                [(number, each) for each in told],
            )
            connection.executemany(
                f"UPDATE outbox SET parent = ? WHERE corrects = ? AND {WAITING}",
                [(number, each) for each in told],
            )

    # Looking.

    def all(self) -> list[Message]:
        return self._select("1 ORDER BY id", ())

    def of(self, number: int) -> Message | None:
        """A message by its number; None where there is none."""
        return next(iter(self._select("id = ?", (number,))), None)

    def numbered(self, first: int, last: int, *, most: int) -> list[Message]:
        """The messages with these numbers, in the order of those."""
        where = "message_id BETWEEN ? AND ? ORDER BY message_id, id LIMIT ?"
        return self._select(where, (first, last, most))

    def unfinished(self) -> list[Message]:
        """Everything that is neither sent nor told in a digest, oldest first."""
        return self._select("state NOT IN ('sent', 'digest') ORDER BY id", ())

    def count_by_state(self) -> dict[str, int]:
        rows = self._connections.connection.execute(
            "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state"
        )
        return dict(rows.fetchall())


def _first_state(message: NewMessage) -> Delivery:
    return Delivery.DIGEST if message.stale else Delivery.PENDING
