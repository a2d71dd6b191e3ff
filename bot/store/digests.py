"""Messages that wait to be told in a digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store.messages import Message, Rows

_UNTOLD = "state = 'digest' AND digest_id IS NULL"
_TOO_OLD = f"{_UNTOLD} AND not_before IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDigest:
    """A digest to come.  due: when, None for what was too old when it came and waits until the bot
    has caught up; why: as its headline begins, None over a rule's daily cap."""

    channel: str
    due: int | None
    why: str | None
    alerts: int


class Digests(Rows):
    """Messages by the digest that they wait for."""

    def waiting_digests(self) -> list[WaitingDigest]:
        """The digests to come, the next first."""
        rows = self._connections.connection.execute(
            f"SELECT channel, not_before, MIN(digest_why), COUNT(*) FROM outbox WHERE {_UNTOLD} "
            "GROUP BY channel, digest_key, not_before ORDER BY not_before, channel"
        )
        return [
            WaitingDigest(channel=channel, due=due, why=why, alerts=alerts)
            for channel, due, why, alerts in rows
        ]

    def channels_with_digest(self, *, due: int | None = None) -> list[str]:
        """Channels in which messages wait to be told in a digest; due: in one of that instant or
        before, without it also those that were too old when they came."""
        rows = self._connections.connection.execute(
            f"SELECT DISTINCT channel FROM outbox WHERE {_UNTOLD} "
            "AND (?1 IS NULL OR not_before <= ?1) ORDER BY channel",
            (due,),
        )
        return [channel for (channel,) in rows]

    def digest_due(self, channel: str, key: str | None, *, after: int) -> int | None:
        """When the next digest of a key is told in a channel; None where none waits there."""
        due: int | None = self._connections.connection.execute(
            f"SELECT MIN(not_before) FROM outbox WHERE {_UNTOLD} "
            "AND channel = ? AND digest_key = ? AND not_before > ?",
            (channel, key, after),
        ).fetchone()[0]
        return due

    def next_digest(self) -> int | None:
        """When the next digest of any channel is told; None where none waits for its time."""
        due: int | None = self._connections.connection.execute(
            f"SELECT MIN(not_before) FROM outbox WHERE {_UNTOLD}"
        ).fetchone()[0]
        return due

    def count_told(self, channel: str, key: str, *, since: int) -> int:
        """How many messages of a digest's key were told in a channel since an instant, those too
        that were told alone."""
        found: int = self._connections.connection.execute(
            "SELECT COUNT(*) FROM outbox AS one "
            "LEFT JOIN outbox AS digest ON digest.id = one.digest_id WHERE one.channel = ? "
            "AND one.digest_key = ? AND COALESCE(digest.created_at, one.sent_at) >= ?",
            (channel, key, since),
        ).fetchone()[0]
        return found

    def tell_alone(self, ids: Sequence[int]) -> None:
        """Let messages that wait for a digest have their own turn instead."""
        with self._connections.writing() as connection:
            connection.executemany(
                "UPDATE outbox SET state = 'pending', not_before = NULL "
                f"WHERE id = ? AND {_UNTOLD}",
                [(number,) for number in ids],
            )

    def wait_instead(self, number: int, *, text: str, card: str) -> None:
        """Let a message that waits for a digest say something else."""
        with self._connections.writing() as connection:
            connection.execute(
                f"UPDATE outbox SET text = ?, card = ? WHERE id = ? AND {_UNTOLD}",
                (text, card, number),
            )

    def too_old(self) -> dict[str, tuple[int, int]]:
        """Of each channel with messages that came too late to be told alone and wait for their
        digest: the number of the oldest, and when it was queued."""
        rows = self._connections.connection.execute(
            f"SELECT channel, MIN(id), created_at FROM outbox WHERE {_TOO_OLD} GROUP BY channel"
        )
        return {channel: (number, created_at) for channel, number, created_at in rows}

    def digest_rows(self, channel: str) -> list[Message]:
        """The messages of a channel that wait to be told in a digest, oldest first."""
        where = f"channel = ? AND {_UNTOLD} ORDER BY id"
        return self._select(where, (channel,))
