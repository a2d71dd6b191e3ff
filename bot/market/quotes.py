"""Quotes while the exchange trades: the first of a session is told, and each half point since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.calendar import NYSE
from bot.clock import from_ms, new_york_day, to_ms
from bot.facts import QUOTE, Fact
from bot.market.asking import Looked, recent
from bot.market.doubts import SUSPECT_SPLIT, looks_like_a_split
from bot.market.watching import Watching
from bot.sources.prices.provider import PriceProvider, Quote
from bot.store import Arrival, Store

STEP = 0.005
"""How far a price moves, beside the close before, until it is told again."""

NO_CLOSE = "no_previous_close"
"""The mark of a quote beside which no close of the session before is known."""

_BACK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The last quote told of a ticker."""

    session: date
    at: datetime
    price_usd: float


class Quotes:
    """Asks for quotes of what is watched, in batches, the benchmark in the first."""

    def __init__(
        self, store: Store, provider: PriceProvider, watching: Watching, *, every: timedelta
    ) -> None:
        self._store, self._provider, self._watching = store, provider, watching
        self._every = every
        self._asked: datetime | None = None
        self._actions_of: date | None = None
        self._seen: dict[str, _Seen | None] = {}

    def is_due(self, now: datetime) -> bool:
        """Whether the exchange trades and the last look is long enough ago."""
        if not self._provider.quotes_at_once or not NYSE.is_open(now):
            return False
        return self._asked is None or now - self._asked >= self._every

    def look(self, now: datetime) -> Looked:
        """Ask, and tell what is news.

        Raises SourceUnavailable and SourceUnreadable of the provider.
        """
        self._asked, session = now, new_york_day(now)
        tickers = self._watching.quoted()
        self._read_actions(tickers, session, now)
        before = self._closes_before(tickers, session)
        benchmark, new, newest = None, 0, None
        at_once = self._provider.quotes_at_once
        for start in range(0, len(tickers), at_once):
            quotes = self._provider.quotes(tickers[start : start + at_once])
            looks = {
                ticker: _look(ticker, _by(quote, now), session, before.get(ticker))
                for ticker, quote in quotes.items()
            }
            found = {ticker: look for ticker, look in looks.items() if look is not None}
            benchmark = found.get(self._watching.benchmark, benchmark)
            new += self._tell(found, benchmark, now)
            newest = max((look.at for look in found.values()), default=newest)
        return Looked(asked=len(tickers), new=new, newest=newest)

    def _read_actions(self, tickers: Sequence[str], session: date, now: datetime) -> None:
        """Once a session, before its first quote: a split must not look like a move."""
        if self._actions_of == session:
            return
        daily = self._provider.daily(tickers, recent(session, 2)[0], session)
        self._store.prices.keep_actions(daily.actions, seen_at=to_ms(now))
        if not daily.unanswered:
            self._actions_of = session

    def _closes_before(self, tickers: Sequence[str], session: date) -> dict[str, float]:
        """Closes of the session before, on the basis of this one."""
        before = recent(session, 2)[0]
        series = self._store.prices.series(tickers, since=before, as_of=session)
        return {
            ticker: float(bars.close[0])
            for ticker, bars in series.items()
            if bars.days[0] == before.toordinal()
        }

    def _tell(self, looks: Mapping[str, "_Look"], benchmark: "_Look | None", now: datetime) -> int:
        facts = list(self._facts(looks, benchmark))
        seen_at = to_ms(now)
        with self._store.writing():
            added = self._store.facts.add(Arrival(fact=fact, seen_at=seen_at) for fact in facts)
            for fact in facts:
                self._store.collection.cover(QUOTE.name, fact.subject, now)
        for fact in facts:
            look = looks[fact.subject]
            self._seen[fact.subject] = _Seen(
                session=look.session, at=look.at, price_usd=look.price_usd
            )
        return added

    def _facts(self, looks: Mapping[str, "_Look"], benchmark: "_Look | None") -> Iterator[Fact]:
        for ticker, look in looks.items():
            if _is_news(look, self._last(ticker)):
                yield _fact(look, benchmark, source=self._provider.name)

    def _last(self, ticker: str) -> _Seen | None:
        if ticker not in self._seen:
            rows = self._store.facts.select(QUOTE, ticker=ticker, limit=1)
            self._seen[ticker] = next(
                (
                    _Seen(
                        session=QUOTE.own["session"].loaded(row["session"]),
                        at=from_ms(row["known_at"]),
                        price_usd=row["price_usd"],
                    )
                    for row in rows
                ),
                None,
            )
        return self._seen[ticker]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A price of a session beside the close before it."""

    ticker: str
    session: date
    at: datetime
    price_usd: float
    previous_usd: float | None
    volume: float | None
    quality: str | None

    @property
    def return_1d(self) -> float | None:
        """None where no close before is known, or the price looks like a split."""
        if self.previous_usd is None or self.quality == SUSPECT_SPLIT:
            return None
        return self.price_usd / self.previous_usd - 1


def _by(quote: Quote, now: datetime) -> Quote:
    """A quote of no later than now: nothing is known before it is seen, and clocks differ."""
    return replace(quote, at=min(quote.at, now))


def _look(ticker: str, quote: Quote, session: date, own_close: float | None) -> _Look | None:
    """What a quote says; None where it is no price of the session.

    The close before is the one beside which the price does not look like a split: on the day of
    one, provider and bars may stand on different bases.
    """
    if not 0 < quote.price_usd < float("inf") or quote.at < NYSE.open_at(session):
        return None
    given = quote.previous_close_usd
    closes = [close for close in (given, own_close) if close and 0 < close < float("inf")]
    usable = [close for close in closes if not looks_like_a_split(quote.price_usd / close)]
    quality = None if usable else SUSPECT_SPLIT if closes else NO_CLOSE
    return _Look(
        ticker=ticker,
        session=session,
        at=quote.at,
        price_usd=quote.price_usd,
        previous_usd=next(iter(usable or closes), None),
        volume=quote.volume,
        quality=quality,
    )


def _is_news(look: _Look, last: _Seen | None) -> bool:
    if last is None or last.session != look.session:
        return last is None or last.at < look.at
    if look.at <= last.at:
        return False
    return abs(look.price_usd - last.price_usd) >= STEP * (look.previous_usd or last.price_usd)


def _fact(look: _Look, benchmark: _Look | None, *, source: str) -> Fact:
    its, other = look.return_1d, benchmark.return_1d if benchmark else None
    return Fact(
        kind=QUOTE,
        id=f"quote:{look.ticker}:{to_ms(look.at)}",
        subject=look.ticker,
        ticker=look.ticker,
        known_at=look.at,
        happened_at=look.at,
        values={
            "session": look.session,
            "price_usd": look.price_usd,
            "previous_close_usd": look.previous_usd,
            "return_1d": its,
            "excess_1d": None if its is None or other is None else its - other,
            "volume": look.volume,
            "benchmark": benchmark.ticker if benchmark else None,
            "source": source,
            "quality": look.quality,
        },
    )
