"""When a provider is left in peace: after so many failures, or at once where it asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.clock import NEW_YORK, Clock
from bot.errors import SourceUnavailable


class Resting(SourceUnavailable):
    """The provider is left in peace; nothing is asked before ``retry_at``."""

    def __init__(self, why: str, *, retry_at: datetime, where: str) -> None:
        super().__init__(
            f"{why}; nothing is asked until {retry_at.astimezone(NEW_YORK):%H:%M} ET",
            where=where,
            mend="nothing to do, it goes on then; what is stale until then is said",
        )
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A breaker opened (``retry_at`` is set) or closed.

    since: when it had opened, of both.
    """

    at: datetime
    why: str
    since: datetime
    retry_at: datetime | None = None


class Breaker:
    """Opens after ``failures`` in a row, or at once; threads may share it.

    Open it refuses every request until its pause is over.  Then the next request is a trial: a good
    answer closes it, a bad one begins a pause twice as long, up to ``longest``; a provider that
    says for how long it wants peace gets that, where it is longer.
    That it opened is told once, by ``changes``, and once that it closed, however many pauses lie
    between.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        failures: int = 5,
        first: timedelta = timedelta(minutes=5),
        longest: timedelta = timedelta(hours=6),
    ) -> None:
        self._clock, self._failures, self._first, self._longest = clock, failures, first, longest
        self._lock = Lock()
        self._in_a_row = 0
        self._pause = timedelta()
        self._since: datetime | None = None
        self._retry_at: datetime | None = None
        self._why = ""
        self._changes: list[Change] = []

    @property
    def retry_at(self) -> datetime | None:
        """The end of the pause that lasts; None where asking is allowed."""
        at = self._retry_at
        return at if at is not None and self._clock() < at else None

    def changes(self) -> Sequence[Change]:
        """What was not told yet, oldest first; what is given once is not given again."""
        with self._lock:
            told, self._changes = self._changes, []
            return told

    def check(self, where: str) -> None:
        """Raise Resting while a pause lasts."""
        if (at := self.retry_at) is not None:
            raise Resting(self._why, retry_at=at, where=where)

    def succeeded(self) -> None:
        """The provider answered as it should."""
        with self._lock:
            self._in_a_row, self._pause, self._retry_at = 0, timedelta(), None
            if self._since is not None:
                why = "it answers again"
                self._changes.append(Change(at=self._clock(), why=why, since=self._since))
                self._since = None

    def failed(self, why: str, *, at_once: bool = False, wait: timedelta | None = None) -> None:
        """The provider did not answer as it should.

        at_once: open now, as it asks for peace.  wait: for so long at least, as it says.
        """
        with self._lock:
            self._in_a_row += 1
            if at_once or self._since is not None or self._in_a_row >= self._failures:
                self._open(why, wait or timedelta())

    def _open(self, why: str, wait: timedelta) -> None:
        now = self._clock()
        self._pause = min(self._pause * 2 or self._first, self._longest)
        self._why, self._retry_at = why, now + max(self._pause, wait)
        if self._since is None:
            self._since = now
            self._changes.append(Change(at=now, why=why, since=now, retry_at=self._retry_at))
