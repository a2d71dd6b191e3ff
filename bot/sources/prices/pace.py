"""How often a provider of prices is asked: a bucket of tokens that fills at an even rate."""

from collections.abc import Callable
from threading import Lock

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from bot.clock import monotonic, sleep


class Tokens:
    """Lets ``count`` requests start within any ``seconds``; threads may share it.

    clock: seconds that never jump.  wait: how to let so many seconds pass.
    """

    def __init__(
        self,
        count: int,
        seconds: float,
        *,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._bucket = InMemoryBucket([Rate(count, round(seconds * 1000))])
        self._clock, self._wait = clock, wait
        self._lock = Lock()

    def take(self) -> None:
        """Return when the next request may start."""
        with self._lock:
            while not self._taken():
                left_ms = self._bucket.waiting(RateItem("request", self._now_ms()))
                self._wait(max(left_ms, 1) / 1000 if isinstance(left_ms, int) else 0.001)

    def _taken(self) -> bool:
        now = self._now_ms()
        self._bucket.leak(now)
        return bool(self._bucket.put(RateItem("request", now)))

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)
