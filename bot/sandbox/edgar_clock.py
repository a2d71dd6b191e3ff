"""The clock of a sandbox: a market day played as fast as one likes, from the time it is given."""

from datetime import datetime, timedelta
from threading import Lock

from bot.clock import Clock, from_ms, system_clock, to_ms


class SandboxClock:
    """Market time, a Clock itself: it begins at ``start`` and runs ``speed`` times as fast as real.

    real: the time it is driven by.  speed: 0 stands still until it is moved.
    """

    def __init__(self, *, start: datetime, speed: float = 1.0, real: Clock = system_clock) -> None:
        if speed < 0:
            raise ValueError(f"time runs forward, got speed {speed}")
        self.speed = speed
        self._real = real
        self._lock = Lock()
        self._market, self._origin = start, real()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now()

    def move_to(self, instant: datetime) -> None:
        """Jump to a market time, and run on from there; ValueError on a jump back."""
        with self._lock:
            if instant < self._now():
                raise ValueError(f"market time does not go back, to {instant}")
            self._market, self._origin = instant, self._real()

    def run_at(self, speed: float) -> None:
        """From now on so many times as fast as real."""
        with self._lock:
            self._market, self._origin, self.speed = self._now(), self._real(), speed

    def advance(self, span: timedelta) -> None:
        """Jump forward by a span of market time."""
        self.move_to(self() + span)

    def real_seconds_until(self, instant: datetime) -> float:
        """How long until the market reaches an instant: 0 once it has, infinite at speed 0."""
        left_s = (instant - self()).total_seconds()
        if left_s <= 0:
            return 0.0
        return left_s / self.speed if self.speed else float("inf")

    def _now(self) -> datetime:
        elapsed = self._real() - self._origin
        return from_ms(to_ms(self._market + elapsed * self.speed))
