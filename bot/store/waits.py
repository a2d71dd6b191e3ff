"""Waits that end at an instant, where the clock by which it was reckoned was set back meanwhile."""

from datetime import datetime, timedelta

from bot.clock import to_ms
from bot.store.messages import WAITING, Rows

_UNTOLD = "state = 'digest' AND digest_id IS NULL"
_OPEN = (WAITING, "state = 'uncertain'", _UNTOLD, "wanted > revision")
"""Each has an index of its own."""

_NOTED = "SELECT MAX(set_at) FROM channels UNION ALL " + " UNION ALL ".join(
    f"SELECT MAX(MAX(created_at, IFNULL(doubted_at, 0), IFNULL(first_tried_at, 0))) "
    f"FROM outbox WHERE {each}"
    for each in _OPEN
)
_LONGEST_MS = 300_000
"""No message waits longer for its next attempt, look or change."""


class Waits(Rows):
    """Pauses of lanes, waits of messages, digests to come."""

    def bring_forward(self, by: timedelta) -> None:
        """Let every wait end so much earlier: the clock was set back while the bot ran."""
        ms = by // timedelta(milliseconds=1)
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE channels SET not_before = not_before - ?, set_at = set_at - ?", (ms, ms)
            )
            connection.execute(
                "UPDATE outbox SET not_before = not_before - ?, doubted_at = doubted_at - ?, "
                "unseen_at = unseen_at - ? "
                "WHERE state IN ('pending', 'parked', 'uncertain') OR wanted > revision",
                (ms, ms, ms),
            )

    def bound(self, now: datetime, *, pace: timedelta) -> timedelta:
        """Let no wait last longer than the one that was begun, counted from now where it was begun
        in what is the future now: the clock was set back while no bot ran.

        pace: between two messages of a lane.  Says by how much, as far as it shows; 0 where it was
        not set back.
        """
        instant, pace_ms = to_ms(now), pace // timedelta(milliseconds=1)
        with self._connections.writing() as connection:
            noted = [at for (at,) in connection.execute(_NOTED) if at is not None]
            back = max([instant, *noted]) - instant
            connection.execute(
                "UPDATE channels SET not_before = not_before - (set_at - ?1), set_at = ?1 "
                "WHERE set_at > ?1",
                (instant,),
            )
            connection.execute(
                "UPDATE channels SET not_before = ?1 WHERE why IS NULL AND not_before > ?1",
                (instant + pace_ms,),
            )
            connection.execute(
                "UPDATE channels SET broke_at = MIN(broke_at, ?1), mended_at = MIN(mended_at, ?1)",
                (instant,),
            )
            if back:
                self._bound_messages(instant)
        return timedelta(milliseconds=back)

    def _bound_messages(self, instant: int) -> None:
        """When a message was tried by a clock that was wrong is not known any more."""
        connection = self._connections.connection
        for where in (WAITING, "state = 'uncertain'", "wanted > revision"):
            connection.execute(
                "UPDATE outbox SET "
                "not_before = MIN(not_before - MAX(IFNULL(doubted_at, 0) - ?1, 0), ?1 + ?2), "
                "created_at = MIN(created_at, ?1), doubted_at = MIN(doubted_at, ?1), "
                "unseen_at = MIN(unseen_at, ?1), "
                "first_tried_at = IIF(first_tried_at > ?1, NULL, first_tried_at) "
                f"WHERE {where}",
                (instant, _LONGEST_MS),
            )
        connection.execute(
            "UPDATE outbox SET not_before = not_before - MAX((SELECT MAX(created_at) FROM outbox "
            f"WHERE {_UNTOLD}) - ?1, 0), created_at = ?1 WHERE {_UNTOLD} AND created_at > ?1",
            (instant,),
        )
