"""One look after prices, again and again: what is due is asked for, and how it went is told.

Prices never stop anything else: what a provider refuses is a fact (``source_poll``), a line in the
log when it begins and one when it ends.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, from_ms, to_ms
from bot.errors import BotError, StoreLost
from bot.facts import source_poll
from bot.market import PRICES
from bot.market.asking import Looked, newest_closed
from bot.market.closed import ClosedSessions
from bot.market.quotes import Quotes
from bot.store import Arrival, Store

SIGN_OF_LIFE = timedelta(minutes=5)
"""While nothing is due, as at night, a poll is told so often: silence means a bot that hangs."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


class Desk:
    """Looks after closed sessions and quotes.

    close: lets go of the provider.
    after: called with the newest closed session once all of it that there is was stored: once a
    session and once at a start.
    """

    def __init__(
        self,
        store: Store,
        closed: ClosedSessions,
        quotes: Quotes,
        *,
        clock: Clock,
        close: Callable[[], object] = lambda: None,
        after: Callable[[date], object] = lambda _: None,
    ) -> None:
        self._store, self._closed, self._quotes = store, closed, quotes
        self._clock, self._close, self._after = clock, close, after
        self._closed_down = False
        self._told_at: datetime | None = None
        self._trouble: str | None = None
        self._pause, self._not_before = timedelta(), from_ms(0)
        self._done: date | None = None
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=PRICES)

    def look(self) -> None:
        """Ask for all that is due.  Raises nothing that a provider does."""
        while self._look_once():
            pass

    def _look_once(self) -> bool:
        """Ask for some of what is due; whether more is."""
        now, parts = self._clock(), list[Looked]()
        errors: list[BotError] = []
        for due, ask in (
            (now >= self._not_before, self._closed.look),
            (self._quotes.is_due(now), self._quotes.look),
        ):
            if due:
                try:
                    parts.append(ask(now))
                except StoreLost:
                    raise
                except BotError as error:
                    errors.append(error)
        if self._closed_down:
            return False  # what was broken off says nothing about the provider
        if errors:
            self._failed(errors[0], now)
        elif any(part.asked for part in parts):
            self._answered(parts, now)
        elif self._told_at is None or now - self._told_at >= SIGN_OF_LIFE:
            self._tell(now)
        left = not errors and any(part.left for part in parts)
        if not left and self._trouble is None and self._done != (newest := newest_closed(now)):
            self._done = newest
            self._after(newest)
        return left

    def close(self) -> None:
        """Let go of the provider: a request under way ends, and nothing more is asked."""
        self._closed_down = True
        self._close()

    def _answered(self, parts: Sequence[Looked], now: datetime) -> None:
        if self._trouble is not None:
            self._log.info("prices.answer_again", after=self._trouble)
        self._trouble, self._pause = None, timedelta()
        items = sum(part.new for part in parts)
        newest = max((part.newest for part in parts if part.newest is not None), default=None)
        self._tell(now, items=items, lag=None if newest is None else now - newest)
        self._log.info("prices.asked", tickers=sum(part.asked for part in parts), new=items)

    def _failed(self, error: BotError, now: datetime) -> None:
        if self._trouble is None:
            self._log.warning("prices.do_not_answer", reason=error.what, mend=error.mend)
        self._trouble = error.what
        self._pause = min(self._pause * 2 or _FIRST_PAUSE, _LONGEST_PAUSE)
        self._not_before = now + self._pause
        self._tell(now)

    def _tell(self, now: datetime, *, items: int = 0, lag: timedelta | None = None) -> None:
        self._told_at = now
        fact = source_poll(
            PRICES,
            now,
            ok=self._trouble is None,
            items=items,
            lag_seconds=None if lag is None else lag.total_seconds(),
            error=self._trouble,
        )
        self._store.facts.add([Arrival(fact=fact, seen_at=to_ms(now))])
