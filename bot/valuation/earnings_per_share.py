"""Earnings a share of the last four quarters as they were known on any day, and the P/E of it.

Known is what was filed by that day; what was filed before a split is divided by its ratio from the
ex day on, because the price of that day is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.prices.bars import Action
from bot.valuation.company_facts import CompanyFacts, Reported
from bot.valuation.concepts import (
    COVER_SHARES,
    DILUTED_SHARES,
    EPS_GAAP,
    EPS_IFRS,
    NET_INCOME,
    REVENUE,
)
from bot.valuation.periods import Figure, known_periods, newest_four_quarters, split_ratio

FRESH_DAYS = 200
"""A period that ended longer ago says nothing of today: two reports are missing."""

FROM_NET_INCOME = "eps_from_net_income"
"""The mark of earnings a share that no report tells."""

_TOLD_IN_MONEY = (*EPS_GAAP, *EPS_IFRS, *NET_INCOME, *REVENUE)


class Missing(StrEnum):
    """Why there is no trailing P/E."""

    NO_FACTS = "no_facts"  # nothing filed yet
    NOT_TOLD = "not_told"  # of a fund: no row of the user's tells it, nor can holdings make it
    INSUFFICIENT = "insufficient"  # no four quarters can be made of what is filed
    STALE = "stale"  # they ended more than 200 days ago
    CURRENCY = "currency"  # reported in another currency than that of the price
    DEPOSITARY = "depositary"  # a 20-F: the share of the report may not be the one that trades
    LOSS = "loss"
    NO_PRICE = "no_price"
    COVERAGE = "coverage"  # of a fund: the earnings of under 90 % of its weight are known


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsPerShare:
    """Diluted earnings a share of four quarters, on the share basis of a day.

    eps_usd: None where missing says why.  period_end: also told where they are stale.
    method: what a reader is told.  marks: of doubt.  parts: what it was made of.
    """

    eps_usd: Decimal | None = None
    period_end: date | None = None
    missing: Missing | None = None
    method: str | None = None
    marks: tuple[str, ...] = ()
    parts: tuple[Reported, ...] = ()


class EpsHistory:
    """Earnings a share of one company as of any day.

    Between two filings or splits nothing changes, so each such stretch is worked out once.
    """

    def __init__(self, company: CompanyFacts, actions: Sequence[Action] = ()) -> None:
        self._company = company
        self._splits = [each for each in actions if each.eps_ratio > 0 and each.eps_ratio != 1]
        self._gaap = company.of(EPS_GAAP, "USD/shares")
        self._ifrs = company.of(EPS_IFRS, "USD/shares")
        filings = {each.filed for reports in company.by_concept.values() for each in reports}
        self._turns = sorted(filings | {each.ex_day for each in self._splits})
        self._known: dict[int, EarningsPerShare] = {}

    def at(self, as_of: date) -> EarningsPerShare:
        """What was known at the end of a day."""
        turn = bisect_right(self._turns, as_of)
        if turn not in self._known:
            self._known[turn] = self._made(as_of)
        return _unless_stale(self._known[turn], as_of)

    def _made(self, as_of: date) -> EarningsPerShare:
        """As of a day, however long ago the quarters ended."""
        found = [each for each in self._candidates(as_of) if each.eps_usd is not None]
        if found:
            return max(found, key=lambda each: each.period_end or date.min)
        if is_foreign(self._company, as_of):
            return EarningsPerShare(missing=Missing.CURRENCY)
        income = self._company.of(NET_INCOME, "USD")
        reported = any(e.filed <= as_of and e.start for e in (*self._gaap, *self._ifrs, *income))
        return EarningsPerShare(missing=Missing.INSUFFICIENT if reported else Missing.NO_FACTS)

    def _candidates(self, as_of: date) -> Iterable[EarningsPerShare]:
        """Best first: of equal age the first is taken."""
        if is_foreign(self._company, as_of):
            return
        for standard, reports in (("GAAP", self._gaap), ("IFRS", self._ifrs)):
            figure = newest_four_quarters(known_periods(reports, as_of, self._splits))
            if figure is not None:
                yield _reported_eps(figure, standard)
        if (divided := self._divided(as_of)) is not None:
            yield divided

    def _divided(self, as_of: date) -> EarningsPerShare | None:
        """Net income ÷ diluted shares: where earnings a share are told of each class alone, they
        are absent from companyfacts."""
        income = known_periods(self._company.of(NET_INCOME[:1], "USD"), as_of)
        figure = newest_four_quarters(income)
        if figure is None:
            return None
        shares = [
            each
            for each in self._company.of(DILUTED_SHARES, "shares")
            if each.start and each.filed <= as_of and each.end == figure.end and each.value > 0
        ]
        if not shares:
            return None
        by = min(shares, key=lambda each: (each.days, -each.filed.toordinal()))
        count = by.value * split_ratio(self._splits, after=by.filed, until=as_of)
        if not self._is_plausible(count, as_of):
            return None
        marks = _marks((*figure.parts, by))
        return EarningsPerShare(
            eps_usd=figure.value / count,
            period_end=figure.end,
            missing=Missing.DEPOSITARY if marks else None,
            method=f"GAAP net income of 4 quarters to {figure.end} ÷ diluted shares of the newest "
            f"period, filed {max(figure.filed, by.filed)}",
            marks=(FROM_NET_INCOME, *marks),
            parts=(*figure.parts, by),
        )

    def _is_plausible(self, count: Decimal, as_of: date) -> bool:
        """Within half and twice the newest count of a cover, where one is known: old reports give
        some counts in thousands."""
        covers = [e for e in self._company.of(COVER_SHARES, "shares") if e.filed <= as_of]
        if not covers:
            return True
        cover = max(covers, key=lambda each: (each.end, each.filed))
        outstanding = cover.value * split_ratio(self._splits, after=cover.end, until=as_of)
        return outstanding / 2 <= count <= outstanding * 2


def is_foreign(company: CompanyFacts, as_of: date) -> bool:
    """Whether its newest income, earnings a share and revenue are told in another currency.

    Dollars beside as many figures of another currency are a translation for convenience; a company
    that has changed to dollars tells its newest figures in them alone.
    """
    told = [each for each in company.under(_TOLD_IN_MONEY) if each.start and each.filed <= as_of]
    newest = max((each.end for each in told), default=None)
    units = [each.unit.split("/")[0] for each in told if each.end == newest]
    currencies = [unit for unit in units if len(unit) == 3 and unit.isupper()]
    dollars = currencies.count("USD")
    return any(currencies.count(other) >= max(dollars, 1) for other in {*currencies} - {"USD"})


def trailing_pe(
    earnings: EarningsPerShare, close_usd: float | None
) -> tuple[float | None, Missing | None]:
    """Close ÷ earnings of four quarters, not rounded, or why there is none.

    close_usd: as traded on the day of the earnings; None or not above 0 is no price.
    """
    earnings = believable(earnings, close_usd)
    if earnings.eps_usd is None or earnings.missing is not None:
        return None, earnings.missing
    if earnings.eps_usd <= 0:
        return None, Missing.LOSS
    if close_usd is None or not close_usd > 0:
        return None, Missing.NO_PRICE
    return close_usd / float(earnings.eps_usd), None


def believable(earnings: EarningsPerShare, close_usd: float | None) -> EarningsPerShare:
    """The earnings, but none where net income by shares is more than the price: then the shares
    were counted in thousands, or they are of another class than the one that trades."""
    if FROM_NET_INCOME not in earnings.marks or earnings.eps_usd is None:
        return earnings
    if close_usd is None or not abs(earnings.eps_usd) > close_usd:
        return earnings
    return EarningsPerShare(period_end=earnings.period_end, missing=Missing.INSUFFICIENT)


def earnings_yield(earnings: EarningsPerShare, close_usd: float | None) -> float | None:
    """Earnings of four quarters ÷ close, below 0 with a loss; None where a side is unknown."""
    earnings = believable(earnings, close_usd)
    if earnings.eps_usd is None or earnings.missing is not None:
        return None
    if close_usd is None or not close_usd > 0:
        return None
    return float(earnings.eps_usd) / close_usd


def _unless_stale(earnings: EarningsPerShare, as_of: date) -> EarningsPerShare:
    end = earnings.period_end
    if end is None or (as_of - end).days <= FRESH_DAYS:
        return earnings
    return EarningsPerShare(period_end=end, missing=Missing.STALE)


def _reported_eps(figure: Figure, standard: str) -> EarningsPerShare:
    concepts = {each.concept for each in figure.parts}
    kind = "diluted" if concepts <= {EPS_GAAP[0], EPS_IFRS[0]} else "basic and diluted"
    marks = _marks(figure.parts)
    return EarningsPerShare(
        eps_usd=figure.value,
        period_end=figure.end,
        missing=Missing.DEPOSITARY if marks else None,
        method=f"{standard} {kind} EPS of 4 quarters to {figure.end}, filed {figure.filed}",
        marks=marks,
        parts=figure.parts,
    )


def _marks(parts: Iterable[Reported]) -> tuple[str, ...]:
    return ("may_be_per_ordinary_share",) if any(e.counts_ordinary_shares for e in parts) else ()
