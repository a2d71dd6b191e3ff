"""Messages of which nobody knows whether they have arrived, and how that comes out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import to_ms
from bot.store.deliveries import DOUBTED
from bot.store.messages import WAITING, Message, Reconciled, Rows

_MAY_STAND_THERE = f"(state IN ('sending', 'uncertain') OR ({WAITING} AND attempts > 0))"


class Doubts(Rows):
    """What is uncertain is looked for, and comes to an end."""

    def doubt_unfinished(self, *, at: datetime) -> int:
        """A message whose attempt never ended may have arrived: uncertain from now on.

        Says how many.
        """
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'uncertain', doubted_at = ?, not_before = NULL, "
                "error = 'the bot ended while it was being sent' WHERE state = 'sending'",
                (to_ms(at),),
            ).rowcount

    def begin_unfinished_again(self) -> int:
        """Forget attempts that never ended, where showing a message twice harms nobody."""
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'pending', attempts = attempts - 1 "
                "WHERE state = 'sending'"
            ).rowcount

    def doubted(self) -> list[Message]:
        """Uncertain messages that are looked for, oldest first."""
        return self._select(f"{DOUBTED} ORDER BY id", ())

    def could_look(self, channel: str) -> bool:
        """Whether a look ended the last doubt of a channel that one was to end; True where there
        was none."""
        row = self._connections.connection.execute(
            "SELECT reconciled FROM outbox WHERE channel = ? AND reconciled IN (?, ?, ?) "
            "ORDER BY id DESC LIMIT 1",
            (channel, Reconciled.FOUND, Reconciled.NOT_FOUND, Reconciled.UNSEEN),
        ).fetchone()
        return row is None or row[0] != Reconciled.UNSEEN

    def unanswered_since(self, channel: str) -> int | None:
        """When the first message of a channel was tried of which nobody knows, since one was
        answered; None where there is none."""
        (since,) = self._connections.connection.execute(
            "SELECT MIN(first_tried_at) FROM outbox WHERE channel = ?1 AND state = 'uncertain' "
            "AND first_tried_at > COALESCE("
            "(SELECT MAX(sent_at) FROM outbox WHERE channel = ?1 AND ts NOT NULL), 0)",
            (channel,),
        ).fetchone()
        return since if since is None else int(since)

    def stood_before(self, channel: str, instant: int) -> str | None:
        """The ts of the newest message that stood in a channel at an instant, as far as known."""
        row = self._connections.connection.execute(
            "SELECT ts FROM outbox WHERE channel = ? AND sent_at <= ? AND ts NOT NULL "
            "ORDER BY sent_at DESC LIMIT 1",
            (channel, instant),
        ).fetchone()
        return row[0] if row else None

    def found(self, number: int, *, place: str, ts: str, revision: int, how: Reconciled) -> bool:
        """It stands there, since it was tried; False where that is no question any more."""
        with self._connections.writing() as connection:
            there = bool(
                connection.execute(
                    "UPDATE outbox SET state = 'sent', place = ?, ts = ?, revision = ?, "
                    "reconciled = ?, sent_at = COALESCE(first_tried_at, doubted_at, created_at), "
                    "error = NULL, not_before = NULL, unseen_at = NULL "
                    f"WHERE id = ? AND {_MAY_STAND_THERE}",
                    (place, ts, revision, how, number),
                ).rowcount
            )
            if there:
                self._tell_in_story(number)
            return there

    def found_at(self, message_id: int, channel: str, ts: str, *, revision: int = 1) -> bool:
        """Somebody has clicked on an alert where it stands: whatever was believed, it was sent.

        channel: its id.  False where the outbox knew that already, or can not tell which of its
        messages this is.
        """
        with self._connections.writing():
            rows = self._select(f"message_id = ? AND {_MAY_STAND_THERE}", (message_id,))
            there = [row for row in rows if channel in (row.channel, self.place_of(row.channel))]
            unknown = [row for row in rows if self.place_of(row.channel) is None]
            fits = there or unknown
            return len(fits) == 1 and self.found(
                fits[0].id, place=channel, ts=ts, revision=revision, how=Reconciled.CLICKED
            )

    def place_of(self, channel: str) -> str | None:
        """By what id the other side has answered for a channel."""
        row = self._connections.connection.execute(
            "SELECT place FROM outbox WHERE channel = ? AND ts NOT NULL "
            "ORDER BY sent_at DESC LIMIT 1",
            (channel,),
        ).fetchone()
        return row[0] if row else None

    def found_sent(self, ids: Sequence[int]) -> set[int]:
        """Somebody looked: these uncertain messages stand in their channels; says which."""
        with self._connections.writing() as connection:
            there = {
                number
                for number in ids
                if connection.execute(
                    "UPDATE outbox SET state = 'sent', sent_at = first_tried_at, "
                    "reconciled = ?, error = NULL, not_before = NULL "
                    "WHERE id = ? AND state = 'uncertain'",
                    (Reconciled.BY_HAND, number),
                ).rowcount
            }
            for number in there:
                self._tell_in_story(number)
            return there

    def send_again(self, number: int, how: Reconciled) -> bool:
        """Let an uncertain message wait for its turn again."""
        with self._connections.writing() as connection:
            return bool(
                connection.execute(
                    "UPDATE outbox SET state = 'pending', reconciled = ?, repeat = ?, "
                    "error = ?, not_before = NULL, first_tried_at = NULL, doubted_at = NULL, "
                    "unseen_at = NULL WHERE id = ? AND state = 'uncertain'",
                    (how, how is Reconciled.UNSEEN, how, number),
                ).rowcount
            )

    def look_again(
        self, number: int, *, at: datetime, why: str, unseen_since: datetime | None = None
    ) -> None:
        """Leave a message in doubt until the next look.

        unseen_since: now, where nobody may look; kept from the first time on.
        """
        since = to_ms(unseen_since) if unseen_since else None
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET not_before = ?, error = ?, "
                "unseen_at = IIF(? IS NULL, NULL, COALESCE(unseen_at, ?)) "
                f"WHERE id = ? AND {DOUBTED}",
                (to_ms(at), why, since, since, number),
            )

    def leave_in_doubt(self, number: int, *, why: str) -> None:
        """Nothing of ours will find out; the messages behind it wait no longer."""
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET doubted_at = NULL, not_before = NULL, error = ? "
                "WHERE id = ? AND state = 'uncertain'",
                (why, number),
            )

    def repeat_left(self) -> int:
        """Let what was left in doubt wait for its turn once more, now that there are answers again.

        Only where nobody can look, and a message too much is better than one too few.
        """
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'pending', repeat = 2, first_tried_at = NULL "
                "WHERE state = 'uncertain' AND doubted_at IS NULL AND repeat = 1"
            ).rowcount

    def doubt_longer(self, by: timedelta) -> None:
        """The clock jumped ahead meanwhile: no time has passed for what may still arrive."""
        ms = by // timedelta(milliseconds=1)
        with self._connections.writing() as connection:
            connection.execute(
                f"UPDATE outbox SET doubted_at = doubted_at + ?, unseen_at = unseen_at + ? "
                f"WHERE {DOUBTED}",
                (ms, ms),
            )
