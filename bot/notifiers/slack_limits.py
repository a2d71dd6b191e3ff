"""Methods that Slack wants left alone for a while: it counts calls by method and workspace.

Source: docs.slack.dev, rate limits.  Kept in memory: after a restart Slack says it once more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.notifiers.outcome import Wait
from bot.notifiers.slack_answers import read_answer


class Limited(Exception):
    """A method may not be called yet.  wait: what Slack has answered, and what is left of it."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(wait.why)
        self.wait = wait


class Limits:
    """For calls of one workspace, from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, tuple[datetime, Wait]] = {}

    @contextmanager
    def heeded(self, method: str) -> Iterator[None]:
        """Around a call; raises Limited instead of letting it come too early."""
        since, wait = self._told.get(method, (self._clock(), None))
        if wait is not None:
            passed = self._clock() - since
            if timedelta() <= passed < wait.after:  # else over, or the clock was set back
                raise Limited(Wait(after=wait.after - passed, why=wait.why))
        try:
            yield
        except Exception as error:
            answer = getattr(error, "response", None)
            meant = None if answer is None else read_answer(answer)
            if isinstance(meant, Wait):
                self._told[method] = (self._clock(), meant)
            raise
