"""Messages on their way: whose turn it is, attempts, and what became of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import to_ms
from bot.store.messages import COLUMNS, WAITING, Delivery, Message, Reconciled, Rows

DOUBTED = "state = 'uncertain' AND doubted_at IS NOT NULL"

_OLDEST = f"""
SELECT {COLUMNS} FROM (
    SELECT id, corrects NOT NULL AS later, turn, ROW_NUMBER() OVER (
        PARTITION BY channel ORDER BY corrects NOT NULL, turn
    ) AS turn_there FROM (
        SELECT MIN(id) AS id, channel, MIN(id) AS turn, corrects
        FROM outbox WHERE {WAITING} GROUP BY channel, corrects NOT NULL
        UNION ALL
        SELECT digest.id, digest.channel, first.id, NULL
        FROM outbox AS digest JOIN outbox AS first
        ON first.message_id = -digest.message_id AND first.channel = digest.channel
        WHERE digest.message_id < 0 AND digest.{WAITING}
    )
) JOIN outbox USING (id) WHERE turn_there = 1
AND channel NOT IN (SELECT channel FROM outbox WHERE {DOUBTED}) ORDER BY later, turn
"""
"""A digest stands where the oldest message stood that it tells of, corrections behind all alerts.
Nothing overtakes a message of which it is not known whether it stands in the channel."""


class Deliveries(Rows):
    """Attempts to deliver."""

    def oldest_of_each_channel(self) -> list[Message]:
        """The message of each channel whose turn it is, the oldest first, corrections last."""
        return self._messages(_OLDEST, ())

    def mark_sending(
        self,
        message: Message,
        *,
        at: datetime,
        thread: str | None = None,
        delayed: str | None = None,
    ) -> bool:
        """Note that an attempt begins; False where the message does not wait any more as it was."""
        with self._connections.writing() as connection:
            changed = connection.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1, thread = ?, "
                "delayed = ?, first_tried_at = COALESCE(first_tried_at, ?) "
                f"WHERE id = ? AND card = ? AND {WAITING}",
                (thread, delayed, to_ms(at), message.id, message.card),
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
        """Note what became of an attempt, unless a click has proved meanwhile that it arrived.

        place, ts: where the other side keeps the message.
        """
        instant, sent = to_ms(at), state is Delivery.SENT
        undone = state in (Delivery.PENDING, Delivery.PARKED, Delivery.DEAD)
        with self._connections.writing() as connection:
            changed = connection.execute(
                "UPDATE outbox SET state = ?, error = ?, not_before = ?, sent_at = ?, place = ?, "
                "ts = ?, revision = IIF(?, ?, revision), doubted_at = ?, unseen_at = NULL, "
                "first_tried_at = IIF(?, NULL, first_tried_at) WHERE id = ? AND state != 'sent'",
                (
                    state,
                    error,
                    to_ms(not_before) if not_before else None,
                    instant if sent else None,
                    place,
                    ts,
                    sent,
                    message.wanted,
                    instant if state is Delivery.UNCERTAIN else None,
                    undone,
                    message.id,
                ),
            ).rowcount
            if sent and changed:
                self._tell_in_story(message.id)

    def died_of(self, channel: str, why: str) -> bool:
        """Whether a message of a channel is kept that was refused for good for a reason."""
        return bool(
            self._select(
                "channel = ?1 AND state = 'dead' "
                "AND (error = ?2 OR substr(error, 1, length(?2) + 1) = ?2 || ';') LIMIT 1",
                (channel, why),
            )
        )

    def retry(self, ids: Sequence[int], *, anyway: bool = False) -> set[int]:
        """Let dead and parked messages try again now, and lanes that are parked; says which.

        anyway: uncertain ones too, which may then stand in their channel twice, and say so.
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
                    "error = IIF(state = 'pending', error, NULL), "
                    "repeat = IIF(state = 'uncertain', 1, repeat), "
                    "reconciled = IIF(state = 'uncertain', ?, reconciled), "
                    "first_tried_at = NULL, doubted_at = NULL "
                    f"WHERE id = ? AND state IN ({states})",
                    (Reconciled.BY_HAND, number),
                ).rowcount
            }
