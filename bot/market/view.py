"""What is stored of some tickers as it looks from the newest session, and the facts it makes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from bot.calendar import NYSE
from bot.facts import PRICE_BAR, Fact
from bot.market.doubts import examined
from bot.prices.adjust import adjusted
from bot.prices.bars import Bars
from bot.prices.identity import Identity, of_this_company
from bot.signals.block import Listing
from bot.signals.last import LastBar, last_signals
from bot.store import Followed, Store

_BACK = timedelta(days=500)
"""Some 340 sessions: the 253 of the longest signal, before each of the last that are told anew."""

_BEGUN_LATER = 5
"""A series that begins so many sessions after the day asked for begins with a listing."""


def bar_id(ticker: str, session: date) -> str:
    return f"bar:{ticker}:{session.isoformat()}"


class View:
    """Bars of the companies that some tickers mean, adjusted as of the newest session.

    known: what is known of each ticker.
    """

    def __init__(
        self,
        store: Store,
        known: Mapping[str, Followed],
        *,
        benchmark: str,
        newest: date,
        source: str,
    ) -> None:
        prices, self._source = store.prices, source
        series = prices.series([*known, benchmark], since=newest - _BACK, as_of=newest)
        self._benchmark = series.get(benchmark)
        listed = {t: followed.listed for t, followed in known.items() if followed.listed}
        actions = prices.actions(known)
        self._series = {
            ticker: examined(_from(series[ticker], listed.get(ticker)), actions.get(ticker, ()))
            for ticker in known
            if ticker in series
        }
        self._listings = _listings(store, listed, newest)

    def sessions(self, ticker: str) -> list[date]:
        """Sessions of which there is a bar, oldest first."""
        found = self._series.get(ticker)
        return [] if found is None else [date.fromordinal(d) for d in found.bars.days.tolist()]

    def is_suspect(self, ticker: str, session: date) -> bool:
        """Whether a close looks like a split that nobody told."""
        found = self._series.get(ticker)
        return found is not None and found.is_suspect(session)

    def facts(self, wanted: Mapping[str, Iterable[date]]) -> Iterator[Fact]:
        """A fact of each session wanted of each ticker; a session without a bar gives none."""
        by_session: dict[date, list[Bars]] = {}
        for ticker, sessions in wanted.items():
            for session in sessions:
                own = self._series[ticker].comparable(session)
                by_session.setdefault(session, []).append(own)
        for session, bars in sorted(by_session.items()):
            listings = self._listings_comparable(bars)
            found = last_signals(bars, self._benchmark, at=session, listings=listings)
            yield from (self._fact(last) for last in found if last.session == session)

    def _listings_comparable(self, bars: Iterable[Bars]) -> Mapping[str, Listing]:
        """The listings of those whose bars are not cut by a break since."""
        cut = {own.ticker for own in bars if own is not self._series[own.ticker].bars}
        return {ticker: each for ticker, each in self._listings.items() if ticker not in cut}

    def _fact(self, last: LastBar) -> Fact:
        close, its = NYSE.close_at(last.session), self._series[last.ticker]
        return Fact(
            kind=PRICE_BAR,
            id=bar_id(last.ticker, last.session),
            subject=last.ticker,
            ticker=last.ticker,
            known_at=close,
            happened_at=close,
            values={
                **last.fact_values(),
                "exchange": its.bars.exchange,
                "source": self._source,
                "quality": its.marks.get(last.session),
            },
        )


def listed_on(bars: Bars, identity: Identity | None, asked_since: date) -> date | None:
    """The first session of the company that a ticker means now; None where the bars only begin
    where somebody began to ask.

    bars: all there are.
    """
    own = of_this_company(bars, identity)
    if not len(own):
        return None if identity is None else identity.valid_from
    first = date.fromordinal(int(own.days[0]))
    later = NYSE.session_number(first) - NYSE.session_number(asked_since) > _BEGUN_LATER
    return first if later or len(own) < len(bars) else None


def _from(bars: Bars, day: date | None) -> Bars:
    return bars if day is None else bars.take(bars.days >= day.toordinal())


def _listings(store: Store, listed: Mapping[str, date], newest: date) -> dict[str, Listing]:
    """The first close of each company, on the basis of the newest session."""
    actions, found = store.prices.actions(listed), dict[str, Listing]()
    for ticker, day in listed.items():
        bars = store.prices.traded([ticker], since=day, until=day).get(ticker)
        if bars is not None:
            close = adjusted(bars, actions.get(ticker, ()), newest).close[0]
            found[ticker] = Listing(day=day, close_usd=float(close))
    return found
