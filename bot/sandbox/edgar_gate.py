"""Whom the sandbox EDGAR lets in: who declares an address, at ten requests a second at most."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.clock import Clock
from bot.sandbox.edgar_replies import Reply, over_the_rate, undeclared

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that was answered.

    at: when it came, by the clock of the gate.  status: 0 where the connection was reset.
    """

    at: datetime
    path: str
    status: int
    agent: str


class Gate:
    """Counts requests over the last second, refused ones too.

    clock: real time, or market time where the whole run is played faster.
    limit: requests in a second, None for any number.
    block: how long the rate must stay below before the block is lifted.
    """

    def __init__(
        self, clock: Clock, *, limit: int | None = 10, block: timedelta = timedelta(minutes=10)
    ) -> None:
        self.limit, self.block = limit, block
        self._clock = clock
        self._lock = Lock()
        self._last_second: deque[datetime] = deque()
        self._blocked_until: datetime | None = None

    def enter(self, agent: str) -> tuple[datetime, Reply | None]:
        """When a request came, and how it is refused; None lets it in."""
        with self._lock:
            now = self._clock()
            if self._over(now):
                self._blocked_until = now + self.block
            blocked = self._blocked_until is not None and now < self._blocked_until
        if blocked:
            return now, over_the_rate()
        return now, None if "@" in agent else undeclared()

    def _over(self, now: datetime) -> bool:
        self._last_second.append(now)
        while self._last_second[0] <= now - _SECOND:
            self._last_second.popleft()
        return self.limit is not None and len(self._last_second) > self.limit


def most_in_a_second(instants: list[datetime]) -> int:
    """The most of these instants that fall within any one second."""
    window: deque[datetime] = deque()
    most = 0
    for instant in sorted(instants):
        window.append(instant)
        while window[0] <= instant - _SECOND:
            window.popleft()
        most = max(most, len(window))
    return most
