"""Answers that Slack asked to hold back for a moment: they are posted as soon as it takes them."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock, Thread

import structlog

from bot.clock import monotonic

LONGEST = timedelta(minutes=5)
"""An answer that is older is of no use to the one who asked."""

Post = Callable[[], timedelta | None]
"""Posts once; None where nothing is left to do, else how long Slack wants to be left alone."""


class LateAnswers:
    """Answers by channel, each channel in its own order and by a thread of its own while some wait.

    longest: after which an answer is given up.
    """

    def __init__(self, *, longest: timedelta = LONGEST) -> None:
        self._longest_s = longest.total_seconds()
        self._waiting: dict[str, deque[tuple[Post, float]]] = {}
        self._lock = Lock()
        self._never = Event()

    def waits(self, channel: str) -> bool:
        """Whether something waits for a channel, so that what comes now belongs behind it."""
        with self._lock:
            return channel in self._waiting

    def add(self, channel: str, post: Post, after: timedelta) -> None:
        """Post it after that time; returns at once."""
        late = (post, monotonic() + self._longest_s)
        with self._lock:
            if channel in self._waiting:
                self._waiting[channel].append(late)
                return
            self._waiting[channel] = deque([late])
        Thread(target=self._drain, args=(channel, after), name="chat-late", daemon=True).start()

    def _drain(self, channel: str, after: timedelta) -> None:
        pause_s = after.total_seconds()
        while (first := self._first(channel)) is not None:
            post, until = first
            if monotonic() + pause_s > until:
                structlog.get_logger().warning("chat.not_answered", why="Slack takes none in time")
            else:
                self._never.wait(pause_s)
                again = post()
                pause_s = 0.0 if again is None else again.total_seconds()
                if again is not None:
                    continue
            self._drop(channel)

    def _first(self, channel: str) -> tuple[Post, float] | None:
        with self._lock:
            if waiting := self._waiting[channel]:
                return waiting[0]
            del self._waiting[channel]
            return None

    def _drop(self, channel: str) -> None:
        with self._lock:
            self._waiting[channel].popleft()
