"""Proof that a message was sent."""

from bot.store.messages import Rows


class Reached(Rows):
    """Messages of which somebody knows where they stand."""

    def stands(self, message_id: int, *, place: str, ts: str) -> bool:
        """Somebody pressed a button of a message: it was sent, and this is where it stands.

        Settles the one that is uncertain; where several are, nobody knows which it is.
        """
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'sent', sent_at = first_tried_at, place = ?, ts = ?, "
                "error = NULL WHERE message_id = ? AND state = 'uncertain' AND 1 = "
                "(SELECT COUNT(*) FROM outbox WHERE message_id = ? AND state = 'uncertain')",
                (place, ts, message_id, message_id),
            ).rowcount == 1  # fmt: skip
