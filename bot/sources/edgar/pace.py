"""When the next request to the SEC may start: one rate for all its hosts, and the stops it asks.

Source: SEC, Accessing EDGAR Data: at most 10 requests a second in total, "regardless of the number
of machines"; over it, a block that every further request makes longer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from threading import RLock

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from bot.clock import NEW_YORK, Clock, to_ms
from bot.errors import SourceUnavailable


class Stopped(SourceUnavailable):
    """The SEC asked for silence; no request is made before ``until``."""

    def __init__(self, reason: str, *, until: datetime, where: str) -> None:
        local = until.astimezone(NEW_YORK)
        super().__init__(
            f"{reason}; no request to the SEC until {local:%H:%M} ET",
            where=where,
            mend="nothing to do, it goes on then; see that nothing else here asks the SEC so often",
        )
        self.until = until


class Pace:
    """Lets requests start one after another with even gaps, so no second holds a burst.

    Threads may share it.  The limiter counts in milliseconds of the injected clock.
    turn: waits for a turn shared with other processes, after this one's own.
    """

    def __init__(
        self,
        *,
        requests_per_second: float,
        clock: Clock,
        sleep: Callable[[float], None],
        turn: Callable[[], None] | None = None,
    ) -> None:
        if not 0 < requests_per_second <= 10:
            raise ValueError(f"requests_per_second must be in (0, 10], got {requests_per_second}")
        self._gap_ms = ceil(1000 / requests_per_second)
        self._bucket = InMemoryBucket([Rate(1, self._gap_ms)])
        self._clock, self._sleep, self._turn = clock, sleep, turn
        self._lock = RLock()
        self._stop: tuple[datetime, str] | None = None

    @property
    def stopped_until(self) -> datetime | None:
        """The end of a stop that still lasts."""
        stop = self._stop
        return stop[0] if stop and self._clock() < stop[0] else None

    def stop_until(self, instant: datetime, reason: str) -> None:
        """No request starts before this instant; an earlier end never shortens a stop."""
        with self._lock:
            if self._stop is None or instant > self._stop[0]:
                self._stop = (instant, reason)

    def stopped(self, where: str) -> Stopped:
        """The error that tells of the last stop."""
        until, reason = self._stop or (self._clock(), "nothing stops the bot")
        return Stopped(reason, until=until, where=where)

    def wait(self, where: str) -> None:
        """Return when a request may start; raises Stopped at once while a stop lasts."""
        with self._lock:
            self._refuse_while_stopped(where)
            now = to_ms(self._clock())
            self._bucket.leak(now)
            while not self._bucket.put(RateItem("sec", now)):
                self._sleep(self._left_ms(now) / 1000)
                self._refuse_while_stopped(where)
                now = to_ms(self._clock())
            if self._turn:
                self._turn()

    def _left_ms(self, now: int) -> int:
        left = self._bucket.waiting(RateItem("sec", now))
        if not isinstance(left, int) or left > self._gap_ms + 1:  # the clock was set back
            self._bucket.flush()
            return self._gap_ms
        return max(left, 1)

    def _refuse_while_stopped(self, where: str) -> None:
        if self.stopped_until is not None:
            raise self.stopped(where)


def ten_minutes_after(instant: datetime) -> datetime:
    """When a block by rate is lifted if nobody asks meanwhile."""
    return instant + timedelta(minutes=10)
