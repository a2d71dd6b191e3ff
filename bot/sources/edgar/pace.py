"""When the next request to the SEC may start: one rate for all its hosts, and the stops it asks.

Source: SEC, Accessing EDGAR Data: at most 10 requests a second in total, "regardless of the number
of machines"; over it, a block that every further request makes longer.

What holds at the SEC's end: requests leave at least (1 s + MARGIN_S) / rate after one another,
counted from the instant at which the last one had left, connection and all.  So no second there
sees more than the rate, as long as the way of one request takes less than MARGIN_S longer than that
of another.  Of two processes that share their turns the second counts from the first's turn until
that has left, so a connection that opens slowly while both ask can let one more into a second.
"""

from collections.abc import Callable
from datetime import datetime
from math import ceil
from threading import RLock
from typing import Protocol

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from bot.clock import NEW_YORK, Clock, to_ms
from bot.errors import SourceUnavailable

MARGIN_S = 0.04
"""By how much the ways of two requests to the SEC may differ without breaking the promise."""


def spacing_s(per_second: float) -> float:
    """Seconds between requests, so that no second at the other end sees more than the rate."""
    return (1 + MARGIN_S) / per_second


class Stopped(SourceUnavailable):
    """The SEC asked for silence; no request is made before ``until``."""

    def __init__(self, *, until: datetime, where: str, reason: str = "") -> None:
        local = until.astimezone(NEW_YORK)
        super().__init__(
            f"{reason or 'EDGAR asked for silence'}; no request to the SEC until {local:%H:%M} ET",
            where=where,
            mend="nothing to do, it goes on then; see that nothing else here asks the SEC so often",
        )
        self.until = until


class Turns(Protocol):
    """Turns shared with other processes."""

    def __call__(self) -> None:
        """Return when it is this caller's turn."""

    def sent(self) -> None:
        """Note that the request of the last turn has left."""


class Silence(Protocol):
    """Until when the SEC wants no request, kept where other processes and a restart find it."""

    def until(self) -> datetime | None: ...

    def keep(self, until: datetime) -> None: ...


class _OfThisProcess:
    def __init__(self) -> None:
        self._until: datetime | None = None

    def until(self) -> datetime | None:
        return self._until

    def keep(self, until: datetime) -> None:
        self._until = until


class Pace:
    """Lets requests start one after another with even gaps, so no second holds a burst.

    Threads may share it.  The limiter counts in milliseconds of the injected clock.
    turns: shared with other processes, taken after this one's own.
    """

    def __init__(
        self,
        *,
        requests_per_second: float,
        clock: Clock,
        sleep: Callable[[float], None],
        turns: Turns | None = None,
        silence: Silence | None = None,
    ) -> None:
        if not 0 < requests_per_second <= 10:
            raise ValueError(f"requests_per_second must be in (0, 10], got {requests_per_second}")
        self._gap_ms = ceil(1000 * spacing_s(requests_per_second))
        self._bucket = InMemoryBucket([Rate(1, self._gap_ms - 1)])  # it lets in after, not at, that
        self._clock, self._sleep, self._turns = clock, sleep, turns
        self._lock = RLock()
        self._silence, self._reason = silence or _OfThisProcess(), ""

    @property
    def stopped_until(self) -> datetime | None:
        """The end of a stop that still lasts."""
        until = self._silence.until()
        return until if until and self._clock() < until else None

    def stop_until(self, instant: datetime, reason: str) -> None:
        """No request starts before this instant; an earlier end never shortens a stop."""
        with self._lock:
            lasting = self.stopped_until
            if lasting is None or instant > lasting:
                self._silence.keep(instant)
                self._reason = reason

    def stopped(self, where: str) -> Stopped:
        """The error that tells of the last stop."""
        until = self._silence.until() or self._clock()
        return Stopped(until=until, where=where, reason=self._reason)

    def wait(self, where: str) -> None:
        """Return when a request may start; raises Stopped at once while a stop lasts."""
        with self._lock:
            self._refuse_while_stopped(where)
            while not self._take():
                self._sleep(self._left_ms() / 1000)
                self._refuse_while_stopped(where)
            if self._turns:
                self._turns()

    def sent(self) -> None:
        """Note that the request has left: the next gap counts from now."""
        with self._lock:
            self._bucket.flush()
            self._take()
            if self._turns:
                self._turns.sent()

    def _take(self) -> bool:
        now = to_ms(self._clock())
        self._bucket.leak(now)
        return bool(self._bucket.put(RateItem("sec", now)))

    def _left_ms(self) -> int:
        left = self._bucket.waiting(RateItem("sec", to_ms(self._clock())))
        if not isinstance(left, int) or left > self._gap_ms + 1:  # the clock was set back
            self._bucket.flush()
            return self._gap_ms
        return max(left, 1)

    def _refuse_while_stopped(self, where: str) -> None:
        if self.stopped_until is not None:
            raise self.stopped(where)
