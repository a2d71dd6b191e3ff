"""The valuations of a session: one reading of each followed ticker, told anew where something comes
late: figures, bars, or a row of the user's tables.

A pause of several sessions is made up by one reading, of the newest.  What a reading is made of is
compared at each look; only what has changed is worked out again.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, new_york_day
from bot.facts import VALUATION, Fact
from bot.market.asking import newest_closed
from bot.market.breadths import Breadths
from bot.market.figures import Figures
from bot.market.knowledge import Knowledge, Yields
from bot.market.readings import tell_reading
from bot.market.tables import Told, UserTables
from bot.market.watching import Watching
from bot.sources.edgar.client import Ended
from bot.store import Store
from bot.valuation.funds import LossPolicy
from bot.valuation.priced import Known, Priced, priced
from bot.valuation.values import valuation_values

WITHOUT_BARS, AFTER_START = timedelta(hours=1), timedelta(minutes=10)
"""So long after the close of a session, and after a start, its bars are waited for; then it is
valued as far as it can be: a P/E of the user's table needs no close."""

ODD = "figures_odd"
"""The mark of a reading that could not be made of what is known."""

_FOLLOWED_FOR = timedelta(minutes=5)


class Valuing:
    """Looks again and again for readings that are due.

    benchmark: whose P/E others are compared with.  policy: what becomes of losses in the P/E of a
    fund's holdings.
    """

    def __init__(
        self,
        store: Store,
        watching: Watching,
        figures: Figures,
        tables: UserTables,
        *,
        clock: Clock,
        benchmark: str,
        policy: LossPolicy,
    ) -> None:
        self._store, self._watching, self._clock = store, watching, clock
        self._figures, self._tables = figures, tables
        self._benchmark, self._policy = benchmark, policy
        self._breadths = Breadths(store, clock=clock)
        self._with_bars: date | None = None
        self._session: date | None = None
        self._followed: tuple[datetime, tuple[str, ...]] | None = None
        self._made_of: dict[str, Any] = {}
        self._yields: Yields = {}
        self._beside: tuple[Any, Priced | None] | None = None
        self._odd: set[str] = set()
        self._closed, self._begun = False, clock()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="valuations")

    def bars_are_in(self, session: date) -> None:
        """Told, from any thread, once the bars of a session are stored."""
        self._with_bars = session

    def close(self) -> None:
        """End a look that is under way, from any thread."""
        self._closed = True

    def look(self) -> int:
        """Ask for figures that are due and tell readings that are; how many were news."""
        now, told = self._clock(), self._tables.look()
        session = newest_closed(now)
        self._tables.say_unused(session, new_york_day(now))
        tickers = self._tickers(now, told)
        if self._closed:
            return 0
        try:
            ciks = self._figures.whose(
                t for t in (*tickers, *sorted(told.members)) if not told.is_fund(t)
            )
            self._figures.look(ciks.values())
        except Ended:
            return 0
        if not self._may_value(session, now):
            return 0
        if session != self._session:
            self._session, self._made_of, self._yields, self._beside = session, {}, {}, None
        knowledge = Knowledge(
            self._store, self._figures, told, ciks, session,
            policy=self._policy, yields=self._yields,
        )  # fmt: skip
        news = self._read(knowledge, tickers)
        if news:
            self._log.info("valuations.told", session=session.isoformat(), new=news)
        return news

    def _may_value(self, session: date, now: datetime) -> bool:
        if self._with_bars == session:
            return True
        return newest_closed(now - WITHOUT_BARS) == session and now - self._begun >= AFTER_START

    def _tickers(self, now: datetime, told: Told) -> tuple[str, ...]:
        """The benchmark first, then all that are followed, as they are watched, then those of the
        user's tables alone: a rule compares a reading with those told before it."""
        if self._followed is None or now - self._followed[0] >= _FOLLOWED_FOR:
            self._followed = now, self._watching.followed(now)
        return tuple(dict.fromkeys((self._benchmark, *self._followed[1], *told.tickers)))

    def _read(self, knowledge: Knowledge, tickers: Iterable[str]) -> int:
        """Companies before the funds that hold them."""
        beside, funds, news = self._priced_benchmark(knowledge), knowledge.told.holdings, 0
        for ticker in sorted(tickers, key=lambda each: each in funds):
            if self._closed:
                return news
            made_of = (knowledge.stamp(ticker), beside)
            if self._made_of.get(ticker) != made_of and _is_ready(knowledge, ticker):
                news += self._tell(knowledge, ticker, beside)
                self._made_of[ticker] = made_of
        for fund in funds:
            if self._closed:
                return news
            news += self._breadths.tell(fund, knowledge)
        return news

    def _priced_benchmark(self, knowledge: Knowledge) -> Priced | None:
        """The benchmark's P/Es; None while its figures are just to come."""
        if not _is_ready(knowledge, self._benchmark):
            return None
        stamp = knowledge.stamp(self._benchmark)
        if self._beside is None or self._beside[0] != stamp:
            known, _ = knowledge.known(self._benchmark)
            try:
                self._beside = stamp, priced(known, knowledge.session)
            except Exception as error:
                self._say_odd(self._benchmark, error)
                self._beside = stamp, None
        return self._beside[1]

    def _tell(self, knowledge: Knowledge, ticker: str, beside: Priced | None) -> bool:
        known, marks = knowledge.known(ticker)
        values, odd = self._values(knowledge, known, beside)
        values["quality"] = " ".join(filter(None, (values.get("quality"), *marks, odd))) or None
        fact = Fact(
            kind=VALUATION,
            id=f"{VALUATION.name}:{ticker}:{knowledge.session.isoformat()}",
            subject=ticker,
            ticker=ticker,
            known_at=min(knowledge.known_at(ticker, self._benchmark), self._clock()),
            happened_at=knowledge.closed_at,
            values=values,
        )
        return tell_reading(
            self._store, fact, knowledge.session, clock=self._clock, besides=("sources",)
        )

    def _values(
        self, knowledge: Knowledge, known: Known, beside: Priced | None
    ) -> tuple[dict[str, Any], str | None]:
        """The fields, and the mark where they can not be made."""
        try:
            values = valuation_values(knowledge.session, known, beside)
        except Exception as error:  # pure judgement: odd figures of one stop no other
            self._say_odd(known.ticker, error)
            return {"as_of": knowledge.session}, ODD
        if known.fund is not None and values.get("pe_trailing") == known.fund.pe is not None:
            of_fund = {"pe_trailing": knowledge.of_holdings(known.ticker)}
            values["sources"] = {**(values.get("sources") or {}), **of_fund}
        return values, None

    def _say_odd(self, ticker: str, error: Exception) -> None:
        if ticker not in self._odd:
            self._odd.add(ticker)
            self._log.error("valuation.failed", ticker=ticker, reason=repr(error), exc_info=error)


def _is_ready(knowledge: Knowledge, ticker: str) -> bool:
    """Whether no first answer about its figures, or about those it holds, is just to come."""
    held = (each.ticker for each in knowledge.held(ticker))
    return not any(knowledge.is_to_come(each) for each in (ticker, *held))
