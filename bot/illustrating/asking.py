"""Charts drawn in a child process, so that the bot stays small and nothing hangs it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import ConfigError
from bot.sources.child import Child, Late

_WITHIN_S = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture, and what is to be seen on it."""

    png: bytes
    shows: str


class NotDrawn(Exception):
    """It took too long, or broke."""


class Draughtsman:
    """Starts a child for each chart and ends it.

    path: of the store.  today: the last day that is drawn.  benchmark: drawn beside the ticker.
    """

    def __init__(
        self,
        path: Path,
        *,
        benchmark: str,
        today: Callable[[], date],
        within_s: float = _WITHIN_S,
    ) -> None:
        self._path, self._benchmark, self._today = path, benchmark, today
        self._within_s = within_s
        self._child: Child | None = None
        self._closed = False

    def draw(self, chart: str, ticker: str) -> Drawn | None:
        """A chart of the year up to today; None where nothing is known to draw.

        Raises NotDrawn, and ConfigError where there is no matplotlib.
        """
        if self._closed:
            raise NotDrawn("the bot ends")
        child = self._child = Child("bot.illustrating.draw")
        try:
            child.tell(
                {
                    "store": str(self._path),
                    "chart": chart,
                    "ticker": ticker,
                    "benchmark": self._benchmark,
                    "until": self._today().isoformat(),
                }
            )
            told = child.hear(self._within_s)
            if told is None:
                raise NotDrawn(child.last_words())
        except Late:
            raise NotDrawn(f"not within {self._within_s:.0f} s") from None
        finally:
            self._child = None
            child.end()
        if "missing" in told:
            raise ConfigError(told["missing"], where="[slack] charts", mend=told["mend"])
        if "nothing" in told:
            return None
        return Drawn(png=base64.b64decode(told["png"]), shows=told["shows"])

    def hang_up(self) -> None:
        """End what is being drawn, from any thread; nothing is drawn after it."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
