"""Messages on their way: whose turn it is, attempts, and what became of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import to_ms
from bot.store.messages import COLUMNS, WAITING, Delivery, Message, Rows

_OLDEST = f"""
SELECT {COLUMNS} FROM (
    SELECT id, MIN(turn) AS turn FROM (
        SELECT MIN(id) AS id, channel, MIN(id) AS turn
        FROM outbox WHERE {WAITING} GROUP BY channel
        UNION ALL
        SELECT digest.id, digest.channel, first.id
        FROM outbox AS digest JOIN outbox AS first
        ON first.message_id = -digest.message_id AND first.channel = digest.channel
        WHERE digest.message_id < 0 AND digest.{WAITING}
    ) GROUP BY channel
) JOIN outbox USING (id) ORDER BY turn
"""
"""A digest stands where the oldest message stood that it tells of."""


class Deliveries(Rows):
    """Attempts to deliver."""

    def doubt_unfinished(self) -> int:
        """A message whose attempt never ended may have arrived: uncertain.  Says how many."""
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'uncertain', "
                "error = 'the bot ended while it was being sent' WHERE state = 'sending'"
            ).rowcount

    def begin_unfinished_again(self) -> int:
        """Forget attempts that never ended, where showing a message twice harms nobody."""
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'pending', attempts = attempts - 1 "
                "WHERE state = 'sending'"
            ).rowcount

    def oldest_of_each_channel(self) -> list[Message]:
        """The message of each channel whose turn it is, the oldest first."""
        return self._messages(_OLDEST, ())

    def mark_sending(self, message: Message, *, at: datetime) -> bool:
        """Note that an attempt begins; False where the message does not wait any more as it was."""
        with self._connections.writing() as connection:
            changed = connection.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1, "
                "first_tried_at = COALESCE(first_tried_at, ?) "
                f"WHERE id = ? AND card = ? AND {WAITING}",
                (to_ms(at), message.id, message.card),
            ).rowcount
        return changed == 1

    def settle(
        self,
        message: Message,
        state: Delivery,
        *,
        at: datetime,
        error: str | None = None,
        not_before: datetime | None = None,
        place: str | None = None,
        ts: str | None = None,
    ) -> None:
        """Note what became of an attempt.  place, ts: where the other side keeps the message."""
        sent_at = to_ms(at) if state is Delivery.SENT else None
        undone = state in (Delivery.PENDING, Delivery.PARKED, Delivery.DEAD)
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET state = ?, error = ?, not_before = ?, sent_at = ?, place = ?, "
                "ts = ?, first_tried_at = IIF(?, NULL, first_tried_at) WHERE id = ?",
                (
                    state,
                    error,
                    to_ms(not_before) if not_before else None,
                    sent_at,
                    place,
                    ts,
                    undone,
                    message.id,
                ),
            )

    def retry(self, ids: Sequence[int], *, anyway: bool = False) -> set[int]:
        """Let dead and parked messages try again now, and lanes that are parked; says which.

        anyway: uncertain ones too, which may then stand in their channel twice.
        A pause that the other side asked for stays, and with it the reason of what waits for it.
        """
        states = "'dead', 'parked', 'pending'" + (", 'uncertain'" if anyway else "")
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE channels SET not_before = NULL, parked = NULL, why = NULL "
                "WHERE parked IS NOT NULL"
            )
            return {
                number
                for number in ids
                if connection.execute(
                    "UPDATE outbox SET state = 'pending', not_before = NULL, "
                    "error = IIF(state = 'pending', error, NULL) "
                    f"WHERE id = ? AND state IN ({states})",
                    (number,),
                ).rowcount
            }

    def found_sent(self, ids: Sequence[int]) -> set[int]:
        """Somebody looked: these uncertain messages stand in their channels; says which."""
        with self._connections.writing() as connection:
            return {
                number
                for number in ids
                if connection.execute(
                    "UPDATE outbox SET state = 'sent', sent_at = first_tried_at, "
                    "error = 'settled by hand' WHERE id = ? AND state = 'uncertain'",
                    (number,),
                ).rowcount
            }
