"""Revenue, margins and the income of the newest quarter, as they were known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.prices.bars import Action
from bot.valuation.company_facts import CompanyFacts, Reported
from bot.valuation.concepts import (
    ALL_EXPENSES,
    COST_OF_REVENUE,
    EPS_GAAP,
    EPS_IFRS,
    GROSS_PROFIT,
    NET_INCOME,
    OPERATING_INCOME,
    REVENUE,
)
from bot.valuation.earnings_per_share import FRESH_DAYS, is_foreign
from bot.valuation.periods import (
    Figure,
    Span,
    four_quarters,
    known_periods,
    newest_four_quarters,
    quarter,
    year_before,
)

Known = dict[Span, Reported]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """Revenue of the last four quarters and what is reckoned from it; None is unknown.

    total: a revenue that was told as 0 is 0.  inferred: no revenue was told, and the operating
    expenses of the same four quarters are the operating loss to the dollar: nothing is left for it.
    growth: against the four quarters before.  margin: gross profit ÷ revenue.
    gross: what the margin was made of.
    """

    total: Figure | None = None
    inferred: bool = False
    before: Figure | None = None
    growth: float | None = None
    gross: Figure | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """The newest quarter of which something is told, and the same a year before.

    end: its last day; every figure is of it, or of the one a year before.
    """

    end: date | None = None
    eps: Figure | None = None
    eps_before: Figure | None = None
    operating: Figure | None = None
    operating_before: Figure | None = None
    net: Figure | None = None
    net_before: Figure | None = None


def revenue(company: CompanyFacts, as_of: date) -> Revenue:
    """Revenue of the last four quarters, where their end is no more than 200 days ago.

    A company that changes the concept is followed: the concept that reaches the newest quarters by
    itself is taken, else each period's best one.  What it is made of names them.
    """
    if is_foreign(company, as_of):
        return Revenue()
    known = _best(company, REVENUE, as_of)
    total = _fresh(newest_four_quarters(known), as_of)
    if total is None:
        return _no_revenue(company, as_of)
    before = _a_year_before(known, total.end)
    gross = _gross_profit(company, total, as_of)
    return Revenue(
        total=total,
        before=before,
        growth=float(total.value / before.value - 1) if before and before.value > 0 else None,
        gross=gross,
        margin=float(gross.value / total.value) if gross else None,
    )


def newest_quarter(company: CompanyFacts, actions: Sequence[Action], as_of: date) -> Quarter:
    """Earnings a share, operating and net income of the newest quarter, and of a year before.

    The last quarter of a year, which no report tells alone, is the year less nine months; of
    earnings a share that is near, for the number of shares differs.
    """
    if is_foreign(company, as_of):
        return Quarter()
    eps = _best(company, (*EPS_GAAP, *EPS_IFRS), as_of, "USD/shares", actions)
    operating = _best(company, OPERATING_INCOME, as_of)
    net = _best(company, NET_INCOME, as_of)
    ends = {
        end
        for known in (eps, operating, net)
        for _, end in known
        if (as_of - end).days <= FRESH_DAYS and quarter(known, end)
    }
    if not ends:
        return Quarter()
    end = max(ends)
    return Quarter(
        end=end,
        eps=quarter(eps, end),
        eps_before=_quarter_before(eps, end),
        operating=quarter(operating, end),
        operating_before=_quarter_before(operating, end),
        net=quarter(net, end),
        net_before=_quarter_before(net, end),
    )


def _best(
    company: CompanyFacts,
    concepts: Sequence[str],
    as_of: date,
    unit: str = "USD",
    actions: Sequence[Action] = (),
) -> Known:
    """Periods of the first concept that reaches the newest end by itself, else of all of them.

    Where periods of several concepts are mixed, the better concept's number stands.
    """
    each_alone = [known_periods(company.of([c], unit), as_of, actions) for c in concepts]
    merged: Known = {}
    for known in reversed(each_alone):
        merged |= known
    newest = newest_four_quarters(merged)
    for known in each_alone:
        alone = newest_four_quarters(known)
        if newest is not None and alone is not None and alone.end == newest.end:
            return known
    return merged


def _fresh(figure: Figure | None, as_of: date) -> Figure | None:
    return figure if figure and (as_of - figure.end).days <= FRESH_DAYS else None


def _a_year_before(known: Known, end: date) -> Figure | None:
    """The four quarters that end a year before a day."""
    found = (four_quarters(known, each) for each in year_before(known, end))
    return next((each for each in found if each is not None), None)


def _quarter_before(known: Known, end: date) -> Figure | None:
    found = (quarter(known, each) for each in year_before(known, end))
    return next((each for each in found if each is not None), None)


def _gross_profit(company: CompanyFacts, total: Figure, as_of: date) -> Figure | None:
    """Gross profit of the same four quarters: as filed, else revenue less its cost.

    None where it is more than the revenue, or there is none of that.
    """
    if total.value <= 0:
        return None
    filed = four_quarters(_best(company, GROSS_PROFIT, as_of), total.end)
    if filed is None:
        cost = four_quarters(_best(company, COST_OF_REVENUE, as_of), total.end)
        filed = cost and Figure(
            value=total.value - cost.value,
            end=total.end,
            how="revenue - cost",
            parts=(*total.parts, *cost.parts),
        )
    return filed if filed and filed.value <= total.value else None


def _no_revenue(company: CompanyFacts, as_of: date) -> Revenue:
    """Nothing, where the books leave no room for revenue; else unknown."""
    loss = _fresh(newest_four_quarters(_best(company, OPERATING_INCOME, as_of)), as_of)
    if loss is None or loss.value >= 0:
        return Revenue()
    told = (each for each in company.of(REVENUE, "USD") if each.filed <= as_of)
    if any((loss.end - each.end).days < 365 for each in told):
        return Revenue()
    for concept in ALL_EXPENSES:
        expenses = four_quarters(_best(company, [concept], as_of), loss.end)
        if expenses and expenses.value == -loss.value:
            parts = (*loss.parts, *expenses.parts)
            none = Figure(value=loss.value - loss.value, end=loss.end, how="inferred", parts=parts)
            return Revenue(total=none, inferred=True)
    return Revenue()
