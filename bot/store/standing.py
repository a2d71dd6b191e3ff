"""Messages where they stand: changed in place, and told in one another's threads."""

from datetime import datetime

from bot.clock import to_ms
from bot.store.messages import Message, Rows

_TO_EDIT = "wanted > revision AND state = 'sent' AND ts NOT NULL AND detached IS NULL"


class Standing(Rows):
    """What was sent can be changed, and be answered."""

    def want_edit(self, number: int) -> bool:
        """Another revision of a message should be shown, once it is composed again.

        Of one that waits, its first post shows it; several wishes are one edit.  False where there
        is nothing to change: told in a digest, refused, or without a place.
        """
        return self._edit(number)

    def to_edit(self, now: datetime) -> list[Message]:
        """The oldest message of each channel that should show something else now."""
        return self._select(
            f"id IN (SELECT MIN(id) FROM outbox WHERE {_TO_EDIT} "
            "AND COALESCE(not_before, 0) <= ? GROUP BY channel) ORDER BY id",
            (to_ms(now),),
        )

    def edited(self, message: Message) -> None:
        """What was wanted when the message was looked up is shown now."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET revision = MAX(revision, ?), failed_edits = 0, error = NULL, "
                "not_before = NULL WHERE id = ?",
                (message.wanted, message.id),
            )

    def edit_later(self, message: Message, *, at: datetime, why: str) -> None:
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET not_before = ?, failed_edits = failed_edits + 1, error = ? "
                "WHERE id = ?",
                (to_ms(at), why, message.id),
            )

    def standing_since(self, at: datetime) -> list[Message]:
        """Alerts that were sent not before an instant and can be changed, oldest first."""
        where = (
            "message_id > 0 AND state = 'sent' AND ts NOT NULL AND detached IS NULL "
            "AND sent_at >= ? ORDER BY id"
        )
        return self._select(where, (to_ms(at),))

    def show_instead(self, number: int, *, card: str) -> None:
        """Another card takes the place of the one that was queued, and is to be shown."""
        with self._connections.writing() as connection:
            connection.execute("UPDATE outbox SET card = ? WHERE id = ?", (card, number))
            self.want_edit(number)

    def detach(self, number: int, *, why: str) -> None:
        """What stands in the channel is no longer ours to change or to answer."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET detached = ?, not_before = NULL WHERE id = ?", (why, number)
            )

    def root_of(self, message: Message) -> Message | None:
        """The message below which another is to be told; None where it stands alone.

        Never one that stands in a thread itself.
        """
        above = self._of(message.parent)
        while above is not None and above.thread is not None:
            above = self._of(above.parent)
        if above is None or above.ts is None or above.place is None or above.detached:
            return None
        return above if above.channel == message.channel else None

    def _of(self, number: int | None) -> Message | None:
        return next(iter(self._select("id = ?", (number,))), None) if number else None
