"""What became of one alert: its messages, what was told in their threads, proof that one stands."""

from bot.store.messages import Message, Rows


class Reached(Rows):
    """Messages by the alert they tell of."""

    def of_alert(self, message_id: int) -> list[Message]:
        """The messages that tell of an alert, one a channel."""
        return self._select("message_id = ? ORDER BY id", (message_id,))

    def replies(self, number: int) -> list[Message]:
        """The messages in the thread of another, oldest first."""
        return self._select("parent = ? ORDER BY id", (number,))

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
