"""When channels take messages again, and why they do not now."""

from datetime import datetime, timedelta

from bot.clock import to_ms
from bot.store.messages import WAITING, Rows


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
                f"UPDATE outbox SET not_before = not_before - ? WHERE {WAITING}", (ms,)
            )
