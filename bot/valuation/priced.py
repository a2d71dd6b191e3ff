"""The P/Es of one ticker and where they come from: a company's reports, its fund's provider, the
holdings of the fund."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.prices.bars import Action, Bars
from bot.valuation.company_facts import CompanyFacts
from bot.valuation.earnings_per_share import (
    EarningsPerShare,
    EpsHistory,
    Missing,
    believable,
    earnings_yield,
    trailing_pe,
)
from bot.valuation.funds import FundPe
from bot.valuation.multiples import (
    NO_MULTIPLE,
    History,
    Multiple,
    close_on,
    told_history,
    trailing_history,
)
from bot.valuation.provenance import of_reports, of_row
from bot.valuation.tables import FairValue, IndexPe

TOLD_DAYS = 45
"""A P/E of a fund that was told longer ago is not today's: providers tell it each month."""

OLD, AHEAD = "index_pe_old", "index_pe_ahead"
"""Marks: rows of the user's are all older than that, or of days to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A forward P/E as a provider of quotes tells it: whose, of which year, of which day."""

    pe: float
    method: str
    provider: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is known of one ticker; what is of later than the day in question is not looked at.

    bars: as traded.  actions: with ex days.  company: None for a fund, or where nothing was read.
    index_pes, fair_values: rows of the user's files about this ticker.  fund: P/E of its holdings.
    is_fund: whether those files tell of a fund, be it without a row that can be used.
    results_days: days of its Forms 8-K with item 2.02.
    listed: None is unknown.
    """

    ticker: str
    bars: Bars
    actions: Sequence[Action] = ()
    company: CompanyFacts | None = None
    forward: Forward | None = None
    index_pes: Sequence[IndexPe] = ()
    fund: FundPe | None = None
    is_fund: bool = False
    fair_values: Sequence[FairValue] = ()
    results_days: Sequence[date] = ()
    listed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One P/E with its past, and how it was made.

    earnings_yield: earnings ÷ price, where it is known also with a loss.
    way: the method without its day; None of a company's own earnings, which are beside any.
    by: sec, user or the provider's name, separated by blanks.
    """

    multiple: Multiple = NO_MULTIPLE
    earnings_yield: float | None = None
    missing: Missing | None = None
    method: str | None = None
    way: str | None = None
    as_of: date | None = None
    by: str | None = None
    marks: tuple[str, ...] = ()
    sources: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A ticker's close and its P/Es.  A company's benchmark is one of these, made once a day."""

    ticker: str
    as_of: date
    close_usd: float | None
    trailing: Told
    forward: Told
    earnings: EarningsPerShare | None = None


def priced(known: Known, as_of: date) -> Priced:
    """The P/Es of a ticker at the close of a session."""
    close = close_on(known.bars, as_of)
    earnings, trailing = None, _of_fund(known, as_of)
    if known.company is not None:
        history = EpsHistory(known.company, known.actions)
        earnings = believable(history.at(as_of), close)
        trailing = _of_company(earnings, close, trailing_history(as_of, known.bars, history))
    return Priced(
        ticker=known.ticker,
        as_of=as_of,
        close_usd=close,
        trailing=trailing,
        forward=_forward(known, as_of),
        earnings=earnings,
    )


def holding_yield(known: Known, as_of: date) -> float | None:
    """Earnings ÷ price of a company that a fund holds, below 0 with a loss; None is unknown."""
    if known.company is None:
        return None
    earnings = EpsHistory(known.company, known.actions).at(as_of)
    return earnings_yield(earnings, close_on(known.bars, as_of))


def _of_company(earnings: EarningsPerShare, close: float | None, history: History) -> Told:
    pe, missing = trailing_pe(earnings, close)
    return Told(
        multiple=Multiple(pe=pe, history=history),
        earnings_yield=earnings_yield(earnings, close),
        missing=missing,
        method=earnings.method,
        by="sec" if earnings.parts else None,
        marks=earnings.marks,
        sources=of_reports(earnings.parts),
    )


def _of_fund(known: Known, as_of: date) -> Told:
    """As its provider tells, else of its holdings."""
    rows = _rows(known.index_pes, as_of, "pe_trailing")
    if rows:
        return _told(rows, "pe_trailing", as_of, "trailing")
    if known.fund is None:
        marks = _left_out(known.index_pes, as_of, "pe_trailing")
        is_fund = known.is_fund or known.index_pes
        return Told(missing=Missing.NOT_TOLD if is_fund else Missing.NO_FACTS, marks=marks)
    fund = known.fund
    return Told(
        multiple=Multiple(pe=fund.pe),
        earnings_yield=fund.earnings_yield,
        missing=fund.missing,
        method=fund.method,
        way=fund.policy.value,
        as_of=as_of,
        by="user sec",
    )


def _forward(known: Known, as_of: date) -> Told:
    """The newer of what the user's file and the provider of quotes tell; the user's of one day."""
    rows = _rows(known.index_pes, as_of, "pe_forward")
    quoted = known.forward
    if quoted is None or not quoted.pe > 0 or not 0 <= (as_of - quoted.as_of).days <= TOLD_DAYS:
        if rows:
            return _told(rows, "pe_forward", as_of, "forward")
        return Told(marks=_left_out(known.index_pes, as_of, "pe_forward"))
    if rows and rows[-1].as_of >= quoted.as_of:
        return _told(rows, "pe_forward", as_of, "forward")
    return Told(
        multiple=Multiple(pe=quoted.pe),
        earnings_yield=1 / quoted.pe,
        method=f"forward: {quoted.method}, {quoted.provider}, {quoted.as_of}",
        way=quoted.method,
        as_of=quoted.as_of,
        by=quoted.provider,
        sources={"provider": quoted.provider, "as_of": quoted.as_of.isoformat()},
    )


def _rows(rows: Iterable[IndexPe], as_of: date, column: str) -> list[IndexPe]:
    """Rows with that P/E, ascending by day, made as the newest is; none where that is old."""
    known = [r for r in rows if r.as_of <= as_of and getattr(r, column) is not None]
    known.sort(key=lambda row: row.as_of)
    if not known or (as_of - known[-1].as_of).days > TOLD_DAYS:
        return []
    newest = known[-1]
    return [r for r in known if (r.method, r.source) == (newest.method, newest.source)]


def _left_out(rows: Iterable[IndexPe], as_of: date, column: str) -> tuple[str, ...]:
    """Why rows with that P/E make none: the marks."""
    days = [row.as_of for row in rows if getattr(row, column) is not None]
    if not days:
        return ()
    return (OLD,) if min(days) <= as_of else (AHEAD,)


def _told(rows: Sequence[IndexPe], column: str, as_of: date, word: str) -> Told:
    newest = rows[-1]
    pe: float = getattr(newest, column)
    past = [(row.as_of, getattr(row, column)) for row in rows]
    return Told(
        multiple=Multiple(pe=pe, history=told_history(as_of, past)),
        earnings_yield=1 / pe,
        method=f"{word}: {newest.method}, {newest.source}, {newest.as_of}",
        way=newest.method,
        as_of=newest.as_of,
        by="user",
        sources=of_row(newest.where),
    )
