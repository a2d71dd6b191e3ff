"""When channels take messages again, and why they do not now."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import to_ms
from bot.store.messages import WAITING, Rows

RATE_LIMIT = "Slack's rate limit"
"""Why a lane broke, where it only was asked to wait."""

_SAME_OUTAGE_MS = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time in which a lane took nothing, in milliseconds.  until: None while it lasts."""

    since: int
    until: int | None
    why: str


class Lanes(Rows):
    """Channels that share a pace and a pause."""

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
        self,
        lane: str,
        *,
        at: datetime,
        until: datetime,
        parked: str | None = None,
        why: str | None = None,
    ) -> None:
        """Send nothing into a lane before an instant.

        at: now, by the clock that ``until`` was reckoned with.
        parked: what must be mended; it stays so until the lane takes a message again.
        why: the reason, None where the lane only keeps its pace.
        """
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO channels (channel, not_before, set_at, parked, why) "
                "VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (channel) DO UPDATE SET not_before = excluded.not_before, "
                "set_at = excluded.set_at, "
                "parked = COALESCE(excluded.parked, parked), why = excluded.why",
                (lane, to_ms(until), to_ms(at), parked, why),
            )

    def join_lane(self, lane: str, *, into: str) -> None:
        """Two lanes are one: what holds either holds both."""
        with self._connections.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO channels (channel) VALUES (?)", (into,))
            connection.execute(
                "UPDATE channels SET "
                "not_before = MAX(IFNULL(channels.not_before, 0), IFNULL(other.not_before, 0)), "
                "set_at = IIF(IFNULL(other.not_before, 0) > IFNULL(channels.not_before, 0), "
                "other.set_at, channels.set_at), "
                "parked = COALESCE(channels.parked, other.parked), "
                "why = COALESCE(channels.why, other.why) "
                "FROM (SELECT * FROM channels WHERE channel = ?) AS other "
                "WHERE channels.channel = ?",
                (lane, into),
            )
            connection.execute(
                "UPDATE channels SET not_before = NULL, set_at = NULL, parked = NULL, why = NULL, "
                "broke_at = NULL, mended_at = NULL WHERE channel = ?",
                (lane,),
            )

    def takes_again(self, lane: str, *, at: datetime) -> bool:
        """A message got through; says whether the lane was parked.

        What waits elsewhere because nobody answered need not wait longer.
        """
        with self._connections.writing() as connection:
            connection.execute(
                "UPDATE outbox SET not_before = NULL "
                f"WHERE {WAITING} AND attempts > 0 AND not_before NOT NULL"
            )
            connection.execute(
                "UPDATE channels SET mended_at = ? WHERE channel = ? AND broke_at NOT NULL "
                "AND mended_at IS NULL",
                (to_ms(at), lane),
            )
            return bool(
                connection.execute(
                    "UPDATE channels SET parked = NULL WHERE channel = ? AND parked NOT NULL",
                    (lane,),
                ).rowcount
            )

    def broke(self, lane: str, *, at: datetime, why: str) -> None:
        """A lane takes nothing.  Soon after another outage it is the same one that goes on."""
        same = f"(mended_at IS NULL OR ? - mended_at < {_SAME_OUTAGE_MS})"
        instant = to_ms(at)
        with self._connections.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO channels (channel) VALUES (?)", (lane,))
            connection.execute(
                "UPDATE channels SET "
                f"broke_why = IIF(broke_at NOT NULL AND {same} AND ? = ?, broke_why, ?), "
                f"broke_at = IIF(broke_at NOT NULL AND {same}, broke_at, ?), "
                "mended_at = NULL WHERE channel = ?",
                (instant, why, RATE_LIMIT, why, instant, instant, lane),
            )

    def broken_since(self, lane: str) -> int | None:
        """Since when a lane takes nothing; None where it does, as far as is known."""
        outage = self.outages().get(lane)
        return outage.since if outage is not None and outage.until is None else None

    def outages(self) -> dict[str, Outage]:
        """The last outage of each lane that had one."""
        rows = self._connections.connection.execute(
            "SELECT channel, broke_at, mended_at, broke_why FROM channels WHERE broke_at NOT NULL"
        )
        return {lane: Outage(since=since, until=until, why=why) for lane, since, until, why in rows}
