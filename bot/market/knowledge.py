"""All that is stored about a ticker, as it was known at the close of a session."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from datetime import date, datetime, time
from typing import Any

import numpy as np

from bot.calendar import NYSE
from bot.clock import NEW_YORK, from_day_number, new_york_day, to_ms
from bot.market.asking import is_stale, silent_sessions
from bot.market.doubts import PRICES_STALE, SUSPECT_SPLIT
from bot.market.figures import NOT_READ, Figures
from bot.market.tables import Told
from bot.prices.bars import Bars
from bot.prices.identity import of_this_company
from bot.store import Expected, Followed, Store
from bot.valuation.company_facts import CompanyFacts
from bot.valuation.funds import FundPe, LossPolicy, fund_pe, newest_holdings
from bot.valuation.priced import Forward, Known, holding_yield
from bot.valuation.tables import Holding

FILED_BY = time(17, 30)
"""New York time up to which EDGAR gives reports the day's filing date.  Source: Regulation S-T
Rule 13."""

HOLDINGS_REFUSED, HOLDINGS_OLD, HOLDINGS_AHEAD = (
    "holdings_refused",
    "holdings_old",
    "holdings_ahead",
)
"""Marks: the file of what a fund holds has no good row, only old ones, or only of days to come."""

_SHOWN = 10


Yields = MutableMapping[tuple[str, date | None], float | None]
"""Earnings ÷ price by ticker and session of its newest bar; None is unknown."""


class Knowledge:
    """What one look knows of everybody.

    ciks: of the tickers that have one.  yields: of what funds hold, kept from look to look of a
    session.
    """

    def __init__(
        self,
        store: Store,
        figures: Figures,
        told: Told,
        ciks: Mapping[str, str],
        session: date,
        *,
        policy: LossPolicy,
        yields: "Yields",
    ) -> None:
        self._store, self._figures, self._ciks = store, figures, ciks
        self._policy, self._yields = policy, yields
        self.told, self.session = told, session
        self.closed_at = NYSE.close_at(session)
        self._asked = store.figures.asked()
        self._expected: Mapping[str, Expected] = store.figures.expected()
        self._followed = {each.ticker: each for each in store.followed.all()}
        self._has_map = store.figures.ciks_at() is not None

    # When there is something new.

    def stamp(self, ticker: str) -> Any:
        """What a reading is made of: as long as it is equal, so is the reading."""
        followed, asked = self._followed.get(ticker), self._asked.get(self._ciks.get(ticker, ""))
        return (
            followed and (followed.last, followed.told, followed.listed),
            asked and (asked.cik, asked.digest, asked.answered_at is None),
            self.told.index_pes.get(ticker),
            self.told.fair_values.get(ticker),
            self.told.holdings.get(ticker),
            [self.last(each.ticker) for each in self.held(ticker)],
            self._expected.get(ticker),
        )

    def is_to_come(self, ticker: str) -> bool:
        """Whether the figures of a ticker were not asked for yet, though they will be."""
        return ticker in self._ciks and self._ciks[ticker] not in self._asked

    def held(self, fund: str) -> list[Holding]:
        """What a fund holds by the newest weights that are not too old."""
        return newest_holdings(self.told.holdings.get(fund, ()), self.session)

    def last(self, ticker: str) -> date | None:
        """The session of the newest bar."""
        followed = self._followed.get(ticker)
        return followed.last if followed else None

    def known_at(self, *tickers: str) -> datetime:
        """When the newest thing was known that readings of these tickers are made of."""
        return max(self.closed_at, *(at for ticker in tickers for at in self._instants(ticker)))

    def _instants(self, ticker: str) -> Iterator[datetime]:
        yield self.closed_at
        yield from self.told.changed_at(ticker)
        if (expected := self._expected_of(ticker)) is not None:
            yield expected.asked_at
        cik = self._ciks.get(ticker)
        if cik is None or self.told.is_fund(ticker):
            return
        yield from (at for at in self._store.figures.results_at(cik) if self._is_of_today(at))
        company, _ = self._figures.company(cik)
        if company is not None:
            yield from self._filed_today(company)

    def _filed_today(self, company: CompanyFacts) -> Iterator[datetime]:
        reports = (each for its in company.by_concept.values() for each in its)
        numbers = {r.accession_number for r in reports if r.filed == self.session}
        if numbers:
            told = self._store.figures.accepted(filter(None, numbers), company.cik)
            by = datetime.combine(self.session, FILED_BY, tzinfo=NEW_YORK)
            yield from (told.get(number or "", by) for number in numbers)

    def _is_of_today(self, at: datetime) -> bool:
        return new_york_day(at) == self.session

    # What it is.

    def known(self, ticker: str) -> tuple[Known, tuple[str, ...]]:
        """All about a ticker for its reading, and marks of doubt."""
        bars, withheld = self._bars(ticker)
        company, mark = None, None
        if not self.told.is_fund(ticker):
            company, mark = self._company(ticker)
        cik = self._ciks.get(ticker)
        results = self._store.figures.results_at(cik) if cik else []
        expected = self._expected_of(ticker)
        known = Known(
            ticker=ticker,
            bars=bars,
            actions=self._store.prices.actions([ticker]).get(ticker, ()),
            company=company,
            forward=_forward(expected) if expected is not None else None,
            index_pes=self.told.index_pes.get(ticker, ()),
            fund=self._fund(ticker),
            is_fund=self.told.is_fund(ticker),
            fair_values=self.told.fair_values.get(ticker, ()),
            results_days=[new_york_day(at) for at in results],
            listed=self._is_listed(ticker, cik),
        )
        split = SUSPECT_SPLIT if withheld else None
        stale = PRICES_STALE if self._is_stale(ticker) else None
        return known, tuple(filter(None, (mark, split, stale, self._doubt_of_holdings(ticker))))

    def _company(self, ticker: str) -> tuple[CompanyFacts | None, str | None]:
        cik = self._ciks.get(ticker)
        if cik is None:
            return None, None if self._has_map else NOT_READ
        return self._figures.company(cik)

    def _bars(self, ticker: str) -> tuple[Bars, bool]:
        """Bars as traded of the company that the ticker means; whether the last close is withheld,
        as it looks like a split of which nobody told."""
        bars = self._store.prices.traded([ticker], until=self.session).get(ticker)
        if bars is None:
            return _no_bars(ticker), False
        own = of_this_company(bars, self._store.prices.identities([ticker]).get(ticker))
        followed = self._followed.get(ticker) or Followed(ticker=ticker)
        told = followed.told
        withheld = bool(told and followed.last and told < self.session <= followed.last)
        return (own.take(own.days <= told.toordinal()) if withheld and told else own), withheld

    def _expected_of(self, ticker: str) -> Expected | None:
        expected = self._expected.get(ticker)
        return expected if expected and expected.session <= self.session else None

    def _is_listed(self, ticker: str, cik: str | None) -> bool | None:
        if cik is not None:
            until = to_ms(self.closed_at)
            ended = self._store.notices.delisted_on(cik, until)
            if ended is not None and from_day_number(ended) <= self.session:
                return False
        followed = self._followed.get(ticker)
        silent = silent_sessions(followed, self.session) if followed else None
        return True if silent is not None and silent <= 0 else None

    def _is_stale(self, ticker: str) -> bool:
        followed = self._followed.get(ticker)
        return followed is not None and is_stale(followed, self.session)

    # What a fund holds.

    def _fund(self, ticker: str) -> FundPe | None:
        held = self.held(ticker)
        if not held:
            return None
        yields = {each.ticker: self.earnings_yield(each.ticker) for each in held}
        known = {name: value for name, value in yields.items() if value is not None}
        return fund_pe(held, known, self._policy)

    def _doubt_of_holdings(self, ticker: str) -> str | None:
        """The mark where somebody keeps the holdings of a fund, and none of them can be used."""
        rows = self.told.holdings.get(ticker)
        if rows is None or self.held(ticker):
            return None
        if not rows:
            return HOLDINGS_REFUSED
        past = any(each.as_of and each.as_of <= self.session for each in rows)
        return HOLDINGS_OLD if past else HOLDINGS_AHEAD

    def earnings_yield(self, ticker: str) -> float | None:
        """Earnings ÷ price of what a fund holds, below 0 with a loss; None is unknown."""
        key = ticker, self.last(ticker)
        if key not in self._yields:
            company, _ = self._company(ticker)
            bars, _ = self._bars(ticker)
            actions: Sequence[Any] = self._store.prices.actions([ticker]).get(ticker, ())
            known = Known(ticker=ticker, bars=bars, actions=actions, company=company)
            try:
                self._yields[key] = holding_yield(known, self.session)
            except Exception:  # pure judgement of odd figures: its own reading tells of them
                self._yields[key] = None
        return self._yields[key]

    def of_holdings(self, fund: str) -> dict[str, Any]:
        """Where the P/E of a fund's holdings stands: the file, and its largest rows."""
        held = sorted(self.held(fund), key=lambda each: -each.weight)
        return {
            "file": self.told.file_of(fund).path,
            "holdings": len(held),
            "largest": [
                {
                    "ticker": each.ticker,
                    "weight": each.weight,
                    "earnings_yield": self.earnings_yield(each.ticker),
                    "row": each.where,
                }
                for each in held[:_SHOWN]
            ],
        }


def _forward(expected: Expected) -> Forward:
    return Forward(
        pe=expected.pe,
        method=expected.method,
        provider=expected.provider,
        as_of=expected.session,
    )


def _no_bars(ticker: str) -> Bars:
    none = np.empty(0)
    return Bars(
        ticker=ticker, days=np.empty(0, np.int32),
        open=none, high=none, low=none, close=none, volume=none,
    )  # fmt: skip
