"""What every price provider gives, whatever it is called and however it is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from bot.prices.bars import Action, Bars
from bot.prices.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """An answer about closed sessions.

    bars: by ticker, prices **as traded** on their day, sessions of the exchange only, without the
    session that is not closed yet; a ticker without bars in the span has an empty series.
    actions: of those tickers within the span asked for.
    refused: tickers that the provider does not know or answered unreadably, with the reason.
    unanswered: tickers to which no answer came before the provider stopped answering, with the
    reason: nothing is known of them, and they are worth asking for again.
    """

    bars: Mapping[str, Bars]
    actions: Sequence[Action] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    unanswered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The price of a ticker now; None is unknown.

    at: of the last trade.  price_usd: of regular trading, never before or after hours.
    previous_close_usd: of the session before, on today's share basis.
    pe_forward, forward_eps_usd: as the provider expects; forward_method says of which year.
    """

    ticker: str
    at: datetime
    price_usd: float
    previous_close_usd: float | None = None
    volume: float | None = None
    pe_forward: float | None = None
    forward_eps_usd: float | None = None
    forward_method: str | None = None
    exchange: str | None = None


class PriceProvider(Protocol):
    """A source of prices.  Tickers are written as the SEC does: BRK-B.

    Both calls raise SourceUnavailable where asking again later is worth it (429, 5xx, a hang, an
    empty answer to a question about many) and SourceUnreadable where it answered nonsense.
    """

    @property
    def name(self) -> str:
        """One word for facts, messages and the log: yahoo."""

    @property
    def quotes_at_once(self) -> int:
        """Most tickers of one call of ``quotes``; 0 where it has none."""

    def daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        """Closed sessions from ``since`` to ``until``, both included."""

    def quotes(self, tickers: Sequence[str]) -> Mapping[str, Quote]:
        """Prices now, of those tickers that it knows."""

    def close(self) -> None:
        """Let go of connections and processes; requests under way end."""


@runtime_checkable
class Catalogue(Protocol):
    """A provider that names its tickers and the companies that they mean."""

    def tickers(self) -> Iterable[str]:
        """All that it has bars of.  Raises as ``daily`` does."""

    def identities(self) -> Mapping[str, Identity]:
        """From when on a ticker means its company, where that is told.  Raises as ``daily``."""
