"""Forward P/Es: asked of the provider of quotes once a session, after its close."""

from datetime import date

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock
from bot.errors import BotError, StoreLost
from bot.market.watching import Watching
from bot.sources.prices.provider import PriceProvider
from bot.store import Expected, Store


class Expecting:
    """Keeps what a provider expects of those that somebody named.

    One that does not answer is asked again after the next session: the day of a forward P/E is
    told with it.
    """

    def __init__(
        self, store: Store, provider: PriceProvider, watching: Watching, *, clock: Clock
    ) -> None:
        self._store, self._provider, self._watching = store, provider, watching
        self._clock = clock
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="prices")

    def ask(self, session: date) -> int:
        """Ask for all; how many have one.  Raises nothing that a provider does."""
        at_once, tickers, kept = self._provider.quotes_at_once, self._watching.quoted(), 0
        if not at_once:
            return 0
        try:
            for start in range(0, len(tickers), at_once):
                kept += self._keep(tickers[start : start + at_once], session)
        except StoreLost:
            raise
        except BotError as error:
            self._log.warning("prices.no_forward_pes", reason=error.what, mend=error.mend)
        return kept

    def _keep(self, tickers: tuple[str, ...], session: date) -> int:
        quotes = self._provider.quotes(tickers)
        told = [
            Expected(
                ticker=ticker,
                pe=quote.pe_forward,
                method=quote.forward_method or "year not told",
                provider=self._provider.name,
                session=session,
                asked_at=self._clock(),
            )
            for ticker, quote in quotes.items()
            if quote.pe_forward is not None and 0 < quote.pe_forward < float("inf")
        ]
        self._store.figures.keep_expected(told)
        return len(told)
