"""Messages not yet sent, and what became of those that were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.clock import to_ms
from bot.store.database import Connections


class Delivery(StrEnum):
    """The state of a message on its way to one channel."""

    PENDING = "pending"  # waits for its turn
    SENDING = "sending"  # an attempt began; found so at a start, it is uncertain
    SENT = "sent"
    PARKED = "parked"  # its channel takes nothing now
    UNCERTAIN = "uncertain"  # it may have arrived, and is not sent again without a look
    DEAD = "dead"  # refused for good
    DIGEST = "digest"  # told in a digest instead


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to deliver once to one channel.

    message_id: the decision that leads it, below zero for a digest.  card: the rendered card as
    JSON.  stale: not told alone, it waits for a digest.  not_before: one at this instant.
    subject, severity: of the alert that leads it, by which stories are made.
    parent: the number of the message in whose thread it is told.
    broadcast: shown in the channel too, although it stands in a thread.
    digest_key: messages of one key share a digest.  digest_why: how its headline begins.
    """

    message_id: int
    channel: str
    created_at: int
    text: str
    card: str
    stale: bool = False
    not_before: int | None = None
    subject: str | None = None
    severity: str | None = None
    parent: int | None = None
    broadcast: bool = False
    digest_key: str | None = None
    digest_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the outbox; instants in milliseconds.

    first_tried_at: since when it may stand in its channel; None where it is known that it does not.
    place, ts: where it stands, by Slack's own ids.
    revision: of what stands there; wanted: the one that should, greater where it is to be edited.
    doubted_at: when it became uncertain, at the end of the attempt or at the start of the bot.
    """

    id: int
    message_id: int
    channel: str
    state: Delivery
    created_at: int
    not_before: int | None
    attempts: int
    error: str | None
    first_tried_at: int | None
    sent_at: int | None
    digest_id: int | None
    text: str
    card: str
    place: str | None
    ts: str | None
    parent: int | None
    broadcast: bool
    revision: int
    wanted: int
    doubted_at: int | None
    subject: str | None
    severity: str | None
    digest_key: str | None
    digest_why: str | None


_COLUMNS = (
    "id, message_id, channel, state, created_at, not_before, attempts, error, "
    "first_tried_at, sent_at, digest_id, text, card, place, ts, parent, broadcast, revision, "
    "wanted, doubted_at, subject, severity, digest_key, digest_why"
)
_WAITING = "state IN ('pending', 'parked')"
_TOO_OLD = "state = 'digest' AND digest_id IS NULL AND not_before IS NULL"

_OLDEST = f"""
SELECT {_COLUMNS} FROM (
    SELECT id, MIN(turn) AS turn FROM (
        SELECT MIN(id) AS id, channel, MIN(id) AS turn
        FROM outbox WHERE {_WAITING} GROUP BY channel
        UNION ALL
        SELECT digest.id, digest.channel, first.id
        FROM outbox AS digest JOIN outbox AS first
        ON first.message_id = -digest.message_id AND first.channel = digest.channel
        WHERE digest.message_id < 0 AND digest.{_WAITING}
    ) GROUP BY channel
) JOIN outbox USING (id) ORDER BY turn
"""
"""A digest stands where the oldest message stood that it tells of."""


class Outbox:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Queueing.

    def add(self, messages: Sequence[NewMessage]) -> None:
        """Queue messages; one already queued for its channel is not queued again."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO outbox "
                "(message_id, channel, state, created_at, not_before, attempts, text, card, "
                "subject, severity, parent, broadcast, digest_key, digest_why) "
                "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?) "
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

    def channels_with_digest(self) -> list[str]:
        """Channels in which messages wait to be told in a digest."""
        rows = self._connections.connection.execute(
            "SELECT DISTINCT channel FROM outbox WHERE state = 'digest' AND digest_id IS NULL "
            "ORDER BY channel"
        )
        return [channel for (channel,) in rows]

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
            f"SELECT channel FROM outbox WHERE {_WAITING} GROUP BY channel HAVING COUNT(*) > ?",
            (most,),
        )
        return [channel for (channel,) in rows]

    def waiting_in(self, channel: str) -> list[Message]:
        """The messages that wait for a channel, oldest first."""
        return self._select(f"channel = ? AND {_WAITING} ORDER BY id", (channel,))

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

    # Delivering.

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
                f"WHERE id = ? AND card = ? AND {_WAITING}",
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

    def pauses(self) -> dict[str, int]:
        """Until when each lane pauses."""
        rows = self._connections.connection.execute("SELECT channel, not_before FROM channels")
        return {channel: not_before or 0 for channel, not_before in rows}

    def parked(self) -> dict[str, str]:
        """Lanes that take nothing now, and how to mend it."""
        rows = self._connections.connection.execute(
            "SELECT channel, parked FROM channels WHERE parked IS NOT NULL ORDER BY channel"
        )
        return dict(rows.fetchall())

    def reasons(self) -> dict[str, str]:
        """Why lanes pause; not those that only keep their pace."""
        rows = self._connections.connection.execute(
            "SELECT channel, why FROM channels WHERE why IS NOT NULL"
        )
        return dict(rows.fetchall())

    def pause(
        self, lane: str, *, until: datetime, parked: str | None = None, why: str | None = None
    ) -> None:
        """Send nothing into a lane before an instant.

        parked: what must be mended.  why: the reason, None where the lane only keeps its pace.
        """
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO channels (channel, not_before, parked, why) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (channel) DO UPDATE SET not_before = excluded.not_before, "
                "parked = excluded.parked, why = excluded.why",
                (lane, to_ms(until), parked, why),
            )

    def bring_forward(self, by: timedelta) -> None:
        """Let every wait end so much earlier: the clock was set back meanwhile."""
        ms = by // timedelta(milliseconds=1)
        with self._connections.writing() as connection:
            connection.execute("UPDATE channels SET not_before = not_before - ?", (ms,))
            connection.execute(
                f"UPDATE outbox SET not_before = not_before - ? WHERE {_WAITING}", (ms,)
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

    def _select(self, where: str, parameters: Sequence[object]) -> list[Message]:
        return self._messages(f"SELECT {_COLUMNS} FROM outbox WHERE {where}", parameters)

    def _messages(self, query: str, parameters: Sequence[object]) -> list[Message]:
        names = _COLUMNS.split(", ")
        rows = self._connections.connection.execute(query, parameters)
        held = (dict(zip(names, row, strict=True)) for row in rows)
        return [
            Message(
                **{
                    **each,
                    "state": Delivery(each["state"]),
                    "broadcast": bool(each["broadcast"]),
                }
            )
            for each in held
        ]


def _first_state(message: NewMessage) -> Delivery:
    return Delivery.DIGEST if message.stale else Delivery.PENDING
