"""What keeps alerts from being told at once and alone: their age, caps, digests, quiet times."""

from datetime import timedelta
from typing import Any, TypedDict

from bot.clock import to_ms
from bot.judge.withheld import day_end
from bot.routes import Destination
from bot.rules.fire import Fate
from bot.rules.prepared import Decided
from bot.store import Store


class Wait(TypedDict, total=False):
    """Of a new message, how it waits for a digest; empty where it is told at once."""

    stale: bool
    not_before: int | None
    digest_key: str | None
    digest_why: str | None


class Holding:
    """Asked within one transaction at a time, each begun with its instant.

    stale_after: alerts on facts that became known longer ago wait for a digest.
    """

    def __init__(self, store: Store, *, stale_after: timedelta | None) -> None:
        self._store, self._now = store, 0
        self._stale_ms = None if stale_after is None else stale_after // timedelta(milliseconds=1)
        self._open: dict[tuple[str, Any], int | None] = {}

    def begin(self, now: int) -> None:
        """A transaction begins at an instant in milliseconds."""
        self._now, self._open = now, {}

    def is_stale(self, alert: Decided) -> bool:
        """Whether its fact became known too long ago to be told alone."""
        return self._stale_ms is not None and self._now - alert.row["known_at"] > self._stale_ms

    def capped_until(self, alert: Decided) -> int | None:
        """When the day is over for which its rule has told its share; None where it has not, and
        for what is too old: the digest of the time away tells that."""
        if alert.fate is not Fate.OVER_THE_CAP or self.is_stale(alert):
            return None
        return day_end(max(self._now, alert.row["judged_at"]))

    def wait(self, alert: Decided, destination: Destination | None = None) -> Wait:
        """How a message about an alert waits; destination: of a route, None for one whose alerts
        are told at any hour."""
        capped_until = self.capped_until(alert)
        until = None if destination is None else self._until(destination)
        if capped_until is not None:
            return Wait(stale=True, not_before=until or capped_until)
        if destination is None or until is None:
            return Wait(stale=self.is_stale(alert))
        return Wait(
            stale=True,
            not_before=until,
            digest_key=destination.digest_key,
            digest_why=destination.why,
        )

    def _until(self, destination: Destination) -> int | None:
        """When its digest is told: with one that joins, the time of the first alert in it."""
        if destination.held_until is None:
            return None
        until = to_ms(destination.held_until)
        if not destination.joins:
            return until
        pair = (destination.channel, destination.digest_key)
        if pair not in self._open:
            self._open[pair] = self._store.outbox.digest_due(*pair, after=self._now)
        self._open[pair] = min(until, self._open[pair] or until)
        return self._open[pair]
