"""Messages not yet sent, and what became of those that were."""

from collections.abc import Sequence

from bot.store.deliveries import Deliveries
from bot.store.doubts import Doubts
from bot.store.lanes import Lanes
from bot.store.messages import WAITING, Delivery, Message, NewMessage, Reconciled
from bot.store.standing import Standing
from bot.store.threads import Threads

__all__ = ["Delivery", "Message", "NewMessage", "Outbox", "Reconciled"]

_TOO_OLD = "state = 'digest' AND digest_id IS NULL AND not_before IS NULL"


class Outbox(Deliveries, Doubts, Standing, Threads, Lanes):
    """Messages by the channel they are for."""

    # Queueing.

    def add(self, messages: Sequence[NewMessage]) -> None:
        """Queue messages; one already queued for its channel is not queued again."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO outbox "
                "(message_id, channel, state, created_at, not_before, attempts, text, card, "
                "subject, severity, parent, broadcast, digest_key, digest_why, corrects) "
                "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
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

    def channels_with_digest(self, *, due: int | None = None) -> list[str]:
        """Channels in which messages wait to be told in a digest; due: in one of that instant or
        before, without it also those that were too old when they came."""
        rows = self._connections.connection.execute(
            "SELECT DISTINCT channel FROM outbox WHERE state = 'digest' AND digest_id IS NULL "
            "AND (?1 IS NULL OR not_before <= ?1) ORDER BY channel",
            (due,),
        )
        return [channel for (channel,) in rows]

    def digest_due(self, channel: str, key: str | None, *, after: int) -> int | None:
        """When the next digest of a key is told in a channel; None where none waits there."""
        due: int | None = self._connections.connection.execute(
            "SELECT MIN(not_before) FROM outbox WHERE state = 'digest' AND digest_id IS NULL "
            "AND channel = ? AND digest_key = ? AND not_before > ?",
            (channel, key, after),
        ).fetchone()[0]
        return due

    def next_digest(self) -> int | None:
        """When the next digest of any channel is told; None where none waits for its time."""
        due: int | None = self._connections.connection.execute(
            "SELECT MIN(not_before) FROM outbox WHERE state = 'digest' AND digest_id IS NULL"
        ).fetchone()[0]
        return due

    def count_told(self, channel: str, key: str, *, since: int) -> int:
        """How many messages the digests of a key have told in a channel since an instant."""
        found: int = self._connections.connection.execute(
            "SELECT COUNT(*) FROM outbox AS one JOIN outbox AS digest ON digest.id = one.digest_id "
            "WHERE one.channel = ? AND one.digest_key = ? AND digest.created_at >= ?",
            (channel, key, since),
        ).fetchone()[0]
        return found

    def too_old(self) -> dict[str, tuple[int, int]]:
        """Of each channel with messages that came too late to be told alone and wait for their
        digest: the number of the oldest, and when it was queued."""
        rows = self._connections.connection.execute(
            f"SELECT channel, MIN(id), created_at FROM outbox WHERE {_TOO_OLD} GROUP BY channel"
        )
        return {channel: (number, created_at) for channel, number, created_at in rows}

    def digest_rows(self, channel: str) -> list[Message]:
        """The messages of a channel that wait to be told in a digest, oldest first."""
        where = "channel = ? AND state = 'digest' AND digest_id IS NULL ORDER BY id"
        return self._select(where, (channel,))

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
        """Queue a digest and note which messages it tells of: they are not sent by themselves."""
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

    # Looking.

    def all(self) -> list[Message]:
        return self._select("1 ORDER BY id", ())

    def of(self, number: int) -> Message | None:
        """A message by its number; None where there is none."""
        return next(iter(self._select("id = ?", (number,))), None)

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
