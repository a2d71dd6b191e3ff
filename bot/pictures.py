"""What the store knows of a ticker, gathered for a chart."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from bot.charts import InsiderTrades, Mark, PeChart, PriceChart, Side
from bot.clock import EPOCH_DAY, from_day_number, to_day_number
from bot.errors import QueryError
from bot.facts import INSIDER_TRADE, VALUATION, Kind
from bot.prices.bars import Bars, Floats
from bot.prices.identity import of_this_company
from bot.store import Store
from bot.valuation.company_facts import CompanyFacts, read_company_facts
from bot.valuation.earnings_per_share import EpsHistory, Missing, trailing_pe

_ALL = 1_000_000


def price_content(
    store: Store,
    ticker: str,
    *,
    benchmark: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> PriceChart:
    """Closes, actions and insider trades of a ticker, on the share basis of the last day.

    Raises QueryError where no bar is stored.
    """
    asked = [ticker] if benchmark in (None, ticker) else [ticker, str(benchmark)]
    series = store.prices.series(asked, as_of=until)
    bars = _company(store, ticker, series.get(ticker))
    return PriceChart(
        bars=bars,
        source=_source(store, ticker),
        since=since,
        until=until,
        benchmark=series.get(asked[-1]) if len(asked) > 1 else None,
        actions=store.prices.actions([ticker]).get(ticker, ()),
        trades=insider_trades(store, ticker, since, until),
    )


def insider_trades(
    store: Store, ticker: str, since: date | None = None, until: date | None = None
) -> InsiderTrades:
    """The stored trades of insiders on the open market."""
    days = (to_day_number(since or EPOCH_DAY), to_day_number(until or date.max))
    return InsiderTrades(
        marks=[
            Mark(
                day=from_day_number(trade.traded_on),
                side=Side(trade.side),
                value_usd=None if trade.value_usd is None else trade.value_usd / 100,
                planned=None if trade.planned is None else bool(trade.planned),
            )
            for trade in store.insiders.on_the_market(ticker, *days)
        ]
    )


def pe_content(
    store: Store, ticker: str, *, benchmark: str | None = None, since: date | None = None
) -> PeChart:
    """The P/Es of every month end where the reports of the company are stored, else those that
    were told as facts.

    Raises QueryError where there are neither.
    """
    cik = cik_of(store, ticker)
    body = store.figures.body(cik) if cik else None
    if body is None:
        return told_pe_content(store, ticker, benchmark=benchmark, since=since)
    company = read_company_facts(body, f"companyfacts of CIK {cik}", cik=cik)
    return reported_pe_content(store, ticker, company, since=since)


def cik_of(store: Store, ticker: str) -> str | None:
    """Whose a ticker is: as its newest valuation says, else the SEC's map, else insiders' forms."""
    return (
        _issuer(store, VALUATION, ticker)
        or store.figures.ciks().get(ticker)
        or _issuer(store, INSIDER_TRADE, ticker)
    )


def _issuer(store: Store, kind: Kind, ticker: str) -> str | None:
    newest = store.facts.select(kind, ticker=ticker, limit=1)
    return newest[0]["issuer_cik"] if newest else None


def told_pe_content(
    store: Store, ticker: str, *, benchmark: str | None = None, since: date | None = None
) -> PeChart:
    """The trailing P/Es that were told as facts, beside those of the benchmark.

    Raises QueryError where none was told of the ticker.
    """
    told = _valuations(store, ticker)
    if not told:
        raise QueryError(
            f"no valuation of {ticker} is stored",
            where="chart",
            mend="let `bot run` value it first, or give its facts with --companyfacts",
        )
    days = sorted(told)
    newest = told[days[-1]]
    beside = _valuations(store, benchmark) if benchmark not in (None, ticker) else {}
    return PeChart(
        ticker=ticker,
        days=np.array(days, dtype=np.int32) + EPOCH_DAY.toordinal(),
        pe=_numbers(told[day]["pe_trailing"] for day in days),
        losses=np.array([told[day]["pe_missing"] == Missing.LOSS for day in days]),
        method=newest["pe_method"] or "trailing",
        source=newest["source"] or "unknown",
        benchmark=benchmark if beside else None,
        benchmark_pe=_numbers(beside.get(day, _NONE)["pe_trailing"] for day in days)
        if beside
        else None,
        since=since,
    )


def reported_pe_content(
    store: Store, ticker: str, company: CompanyFacts, *, since: date | None = None
) -> PeChart:
    """The trailing P/E of each month end, from a company's reports as known on that day.

    The company is named where the store does not know that the ticker is its.
    Raises QueryError where no bar is stored.
    """
    name = company.name or f"CIK {company.cik}"
    bars = _company(store, ticker, store.prices.traded([ticker]).get(ticker))
    earnings = EpsHistory(company, store.prices.actions([ticker]).get(ticker, ()))
    days = [date.fromordinal(day) for day in bars.days.tolist()]
    ends = [n for n, day in enumerate(days) if n + 1 == len(days) or days[n + 1].month != day.month]
    told = [trailing_pe(earnings.at(days[n]), float(bars.close[n])) for n in ends]
    return PeChart(
        ticker=ticker,
        days=bars.days[ends],
        pe=_numbers(pe for pe, _ in told),
        losses=np.array([missing is Missing.LOSS for _, missing in told]),
        method="month ends, close ÷ diluted GAAP earnings of four quarters as filed by then",
        source=f"SEC companyfacts of {name}, {_source(store, ticker)}",
        reporter=None if cik_of(store, ticker) == company.cik else name,
        since=since,
    )


_NONE: Mapping[str, Any] = {"pe_trailing": None}


def _valuations(store: Store, ticker: str | None) -> dict[int, Mapping[str, Any]]:
    """The newest fact of each day, by day number."""
    rows = store.facts.select(VALUATION, ticker=ticker, limit=_ALL)
    dated = sorted((row for row in rows if row["as_of"] is not None), key=lambda r: r["as_of"])
    return {
        day: max(same, key=lambda row: (row["known_at"], row["seq"]))
        for day, same in groupby(dated, key=lambda row: row["as_of"])
    }


def _numbers(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _company(store: Store, ticker: str, bars: Bars | None) -> Bars:
    """The bars of the company that the ticker means now."""
    if bars is None:
        refused = next((f.refused for f in store.followed.all() if f.ticker == ticker), None)
        raise QueryError(
            f"no bar of {ticker} is stored" + (f": {refused}" if refused else ""),
            where="chart",
            mend="add it to [prices] watch and let `bot run` ask for it, or give --bars FILE",
        )
    return of_this_company(bars, store.prices.identities([ticker]).get(ticker))


def _source(store: Store, ticker: str) -> str:
    return ", ".join(store.prices.sources(ticker))
