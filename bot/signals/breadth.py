"""How broad a rally is: what each member of a fund or index gave to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from bot.calendar import NYSE
from bot.prices.bars import Bars, Floats

SPAN = 63
"""Sessions of the exchange that are looked back over."""

LEAST_COVERAGE = 0.9
"""Under this share of the weight the members with a return do not speak for the whole."""

_TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one member gave: weight at the start × its return."""

    ticker: str
    weight: float
    member_return: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadth:
    """A span of sessions of one fund or index, by the fields of the kind ``market_breadth``.

    Under ``LEAST_COVERAGE`` everything is unknown but the counts and the days.
    """

    session: date
    since: date
    weights_as_of: date
    members: int
    coverage: float
    index_return: float | None = None
    equal_weight_return: float | None = None
    median_return: float | None = None
    beating_share: float | None = None
    top10_share: float | None = None
    effective_members: float | None = None
    top: tuple[Contribution, ...] = ()

    def fact_values(self) -> dict[str, Any]:
        """Values of the fields of ``market_breadth``."""
        values = {name: getattr(self, name) for name in self.__slots__}
        top = [
            {"ticker": c.ticker, "weight": c.weight, "return": c.member_return,
             "contribution": c.contribution}
            for c in self.top
        ]  # fmt: skip
        return {**values, "top": top}


def breadth(
    weights: Mapping[str, float],
    weights_as_of: date,
    bars: Mapping[str, Bars],
    session: date,
    *,
    span: int = SPAN,
) -> Breadth:
    """The members' part in the return of so many sessions up to and including ``session``.

    weights: of all holdings, in any unit, known at the close of ``weights_as_of``; moved with the
    prices from there to the start of the span, so that today's weights do not favour winners.
    bars: of the members, on one share basis.  A member counts if it has a close on the last
    session, on the first, and on the day of the weights; ``coverage`` is the weight of those that
    do.  Raises ValueError on a weight that is negative or no number, and where none is above zero.
    """
    since = NYSE.session_day(NYSE.session_number(session) - span)
    weighed = NYSE.session_day(NYSE.session_number(weights_as_of))
    tickers, given = list(weights), np.array(list(weights.values()), np.float64)
    if not (np.isfinite(given) & (given >= 0)).all() or not given.sum() > 0:
        raise ValueError("weights must be numbers, none negative, one at least above zero")
    closes = np.array(
        [[_close(bars.get(t), d) for t in tickers] for d in (weighed, since, session)]
    )
    counts = np.isfinite(closes).all(axis=0)
    told = Breadth(
        session=session,
        since=since,
        weights_as_of=weights_as_of,
        members=int(counts.sum()),
        coverage=float(given[counts].sum() / given.sum()),
    )
    if told.coverage < LEAST_COVERAGE:
        return told
    at_start = given[counts] * closes[1, counts] / closes[0, counts]
    names = [ticker for ticker, counted in zip(tickers, counts, strict=True) if counted]
    return _measured(
        told, names, at_start / at_start.sum(), closes[2, counts] / closes[1, counts] - 1
    )


def _measured(told: Breadth, tickers: list[str], weights: Floats, returns: Floats) -> Breadth:
    given = weights * returns
    whole = float(given.sum())
    largest = np.argsort(-given, kind="stable")[:_TOP]
    return replace(
        told,
        index_return=whole,
        equal_weight_return=float(returns.mean()),
        median_return=float(np.median(returns)),
        beating_share=float((returns > whole).mean()),
        top10_share=float(given[largest].sum() / whole) if whole > 0 else None,
        effective_members=float(1 / (weights @ weights)),
        top=tuple(
            Contribution(
                ticker=tickers[at],
                weight=float(weights[at]),
                member_return=float(returns[at]),
                contribution=float(given[at]),
            )
            for at in largest
        ),
    )


def _close(bars: Bars | None, day: date) -> float:
    """The close of a day; NaN where there is none above zero."""
    if bars is None:
        return np.nan
    at = int(np.searchsorted(bars.days, day.toordinal()))
    if at == len(bars) or bars.days[at] != day.toordinal():
        return np.nan
    return float(bars.close[at]) if 0 < bars.close[at] < np.inf else np.nan
