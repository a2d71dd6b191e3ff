"""P/E of a fund or an index from what it holds: a weighted harmonic mean, Σ price ÷ Σ earnings.

What becomes of those that lose money decides the number, so the policy is named with it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.valuation.earnings_per_share import Missing
from bot.valuation.tables import Holding

LEAST_COVERAGE = 0.90
CAP = 60.0
OLDEST_WEIGHTS_DAYS = 150
"""Form N-PORT tells each quarter's holdings 60 days later; older weights are another fund's."""


class LossPolicy(StrEnum):
    """What becomes of holdings that lose money."""

    INCLUDED = "losses_included"  # all price ÷ all earnings: Siblis, WSJ
    EXCLUDED = "losses_excluded"  # only of those that earn: iShares, FTSE Russell
    AS_ZERO = "losses_as_zero"  # their price counts, their losses do not
    CAPPED_60 = "capped_60"  # no P/E above 60, and 60 for them


@dataclass(frozen=True, slots=True, kw_only=True)
class FundPe:
    """P/E of a fund by one policy.

    pe: None where missing says why.  earnings_yield: its inverse, with all losses, where the
    policy includes them also where they prevail.  coverage: weight with usable earnings ÷ weight.
    """

    pe: float | None
    earnings_yield: float | None
    coverage: float
    missing: Missing | None
    policy: LossPolicy
    method: str


def fund_pe(holdings: Sequence[Holding], yields: Mapping[str, float], policy: LossPolicy) -> FundPe:
    """The P/E of holdings, where the earnings of at least 90 % of their weight are known.

    yields: earnings ÷ price of a holding by ticker, below 0 with a loss; absent is unknown.
    """
    whole = sum(each.weight for each in holdings)
    known = [(each.weight, yields[each.ticker]) for each in holdings if each.ticker in yields]
    coverage = sum(weight for weight, _ in known) / whole if whole > 0 else 0.0
    enough = coverage >= LEAST_COVERAGE
    earned = earnings_yield(known, policy) if enough else None
    pe = 1 / earned if earned is not None and earned > 0 else None
    lacking = Missing.LOSS if enough else Missing.COVERAGE
    return FundPe(
        pe=pe,
        earnings_yield=earned,
        coverage=coverage,
        missing=lacking if pe is None else None,
        policy=policy,
        method=_method(holdings, policy, coverage),
    )


def earnings_yield(known: Sequence[tuple[float, float]], policy: LossPolicy) -> float | None:
    """Earnings ÷ price of all together by a policy; None where nothing is left to weigh.

    known: weight and own earnings ÷ price of each.
    """
    if policy is LossPolicy.EXCLUDED:
        known = [(weight, own) for weight, own in known if own > 0]
    weights = sum(weight for weight, _ in known)
    if weights <= 0:
        return None
    return sum(weight * _counted(own, policy) for weight, own in known) / weights


def _counted(own: float, policy: LossPolicy) -> float:
    match policy:
        case LossPolicy.AS_ZERO:
            return max(own, 0.0)
        case LossPolicy.CAPPED_60:
            return max(own, 1 / CAP)
        case _:
            return own


def newest_holdings(holdings: Sequence[Holding], as_of: date) -> list[Holding]:
    """Those of the newest day up to a day, if that is no more than 150 days back; else none.

    Rows without a day are taken where no row has one.
    """
    days = [each.as_of for each in holdings if each.as_of is not None and each.as_of <= as_of]
    if not days:
        return [] if any(each.as_of for each in holdings) else list(holdings)
    newest = max(days)
    if (as_of - newest).days > OLDEST_WEIGHTS_DAYS:
        return []
    return [each for each in holdings if each.as_of == newest]


def _method(holdings: Sequence[Holding], policy: LossPolicy, coverage: float) -> str:
    words = policy.value.replace("_", " ")
    told = f"harmonic mean of holdings, {words}, coverage {math.floor(coverage * 100)} %"
    days = {each.as_of for each in holdings if each.as_of}
    return f"{told}, weights of {max(days)}" if days else told
