"""Whose prices are followed: the benchmark, what is watched, and where insiders deal in size."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.clock import to_ms
from bot.store import Store

DEALT_WITHIN = timedelta(days=90)
DEALT_CENTS = 100_000_000
"""A trade of $1M on the open market makes its company followed for so long."""


class Watching:
    """The tickers that are followed, the benchmark first: others are measured against it.

    watch: as configured.  insiders: whether the tickers of large trades of insiders belong to it.
    listed: those that the provider itself names, as a folder of files does.
    """

    def __init__(
        self,
        store: Store,
        *,
        benchmark: str,
        watch: Sequence[str],
        insiders: bool = True,
        listed: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._store, self.benchmark, self._watch = store, benchmark, tuple(watch)
        self._insiders, self._listed = insiders, listed

    def quoted(self) -> tuple[str, ...]:
        """Whose quotes are asked for while the exchange trades: those that somebody named."""
        return tuple(dict.fromkeys((self.benchmark, *self._watch)))

    def followed(self, now: datetime) -> tuple[str, ...]:
        """Whose closed sessions are asked for."""
        found = [*self.quoted(), *self._listed()]
        if self._insiders:
            found += self._store.insiders.dealt_in(to_ms(now - DEALT_WITHIN), DEALT_CENTS)
        return tuple(dict.fromkeys(found))
