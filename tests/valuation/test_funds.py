"""P/E of a fund from its holdings: what becomes of losses, and how much must be known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.valuation.earnings_per_share import Missing
from bot.valuation.funds import LossPolicy, earnings_yield, fund_pe, newest_holdings
from bot.valuation.tables import Holding
from tests.valuation.reports import day

YIELDS = {"A": 0.05, "B": 0.025, "C": -0.05, "D": 0.10}


def a_fund(**weights: float) -> list[Holding]:
    return [
        Holding(ticker=ticker, weight=weight, as_of=None, where="iwm.csv:2")
        for ticker, weight in weights.items()
    ]


FOUR = a_fund(A=0.4, B=0.3, C=0.2, D=0.1)


@pytest.mark.parametrize(
    ("policy", "pe"),
    [
        (LossPolicy.INCLUDED, 36.36),
        (LossPolicy.EXCLUDED, 21.33),
        (LossPolicy.AS_ZERO, 26.67),
        (LossPolicy.CAPPED_60, 24.49),
    ],
)
def test_each_policy_gives_its_own_pe(policy: LossPolicy, pe: float) -> None:
    assert fund_pe(FOUR, YIELDS, policy).pe == pytest.approx(pe, abs=0.005)


@pytest.mark.parametrize(("losses", "pe"), [(0.010, 61), (0.015, 88), (0.020, 157)])
def test_a_fund_of_24_64_is_dear_once_its_losses_count(losses: float, pe: float) -> None:
    two = a_fund(EARN=0.65, LOSE=0.35)
    yields = {"EARN": 1 / 24.64, "LOSE": -losses / 0.35}

    assert fund_pe(two, yields, LossPolicy.EXCLUDED).pe == pytest.approx(24.64)
    assert fund_pe(two, yields, LossPolicy.INCLUDED).pe == pytest.approx(pe, abs=0.5)


def test_under_ninety_percent_of_known_weight_there_is_no_pe() -> None:
    ninety = fund_pe(a_fund(A=0.9, CASH=0.1), YIELDS, LossPolicy.EXCLUDED)
    less = fund_pe(a_fund(A=0.899, CASH=0.101), YIELDS, LossPolicy.EXCLUDED)

    assert (ninety.pe, ninety.missing) == (20.0, None)
    assert (less.pe, less.missing, less.earnings_yield) == (None, Missing.COVERAGE, None)
    assert less.method.endswith("coverage 89 %")


def test_what_is_not_known_is_left_out_of_both_sums() -> None:
    assert fund_pe(a_fund(A=0.95, CASH=0.05), YIELDS, LossPolicy.INCLUDED).pe == pytest.approx(20)


def test_a_fund_that_loses_money_has_a_yield_and_no_pe() -> None:
    lost = fund_pe(a_fund(C=1.0), YIELDS, LossPolicy.INCLUDED)

    assert (lost.pe, lost.missing, lost.earnings_yield) == (None, Missing.LOSS, -0.05)
    assert fund_pe(a_fund(C=1.0), YIELDS, LossPolicy.EXCLUDED).missing == Missing.LOSS


def test_an_empty_fund_has_no_pe() -> None:
    assert fund_pe([], YIELDS, LossPolicy.INCLUDED).missing == Missing.COVERAGE


def test_the_method_names_policy_coverage_and_the_day_of_the_weights() -> None:
    of_day = [Holding(ticker="A", weight=1.0, as_of=day("2025-09-30"), where="iwm.csv:2")]

    assert fund_pe(FOUR, YIELDS, LossPolicy.EXCLUDED).method == (
        "harmonic mean of holdings, losses excluded, coverage 100 %"
    )
    assert fund_pe(of_day, YIELDS, LossPolicy.AS_ZERO).method == (
        "harmonic mean of holdings, losses as zero, coverage 100 %, weights of 2025-09-30"
    )


def test_the_newest_weights_up_to_the_day_are_used() -> None:
    holdings = [
        Holding(ticker="A", weight=1.0, as_of=day(at), where="iwm.csv:2")
        for at in ("2025-06-30", "2025-09-30", "2025-12-31")
    ]

    assert [h.as_of for h in newest_holdings(holdings, day("2025-10-14"))] == [day("2025-09-30")]
    assert newest_holdings(holdings, day("2025-06-27")) == []
    assert newest_holdings(holdings, day("2026-05-30")) == holdings[2:]  # 150 days
    assert newest_holdings(holdings, day("2026-05-31")) == []
    assert newest_holdings(FOUR, day("2025-10-14")) == FOUR


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(-0.2, 0.2)), min_size=1, max_size=20),
)
def test_policies_are_ordered_and_no_pe_is_an_average_of_pes(
    known: list[tuple[float, float]],
) -> None:
    included = earnings_yield(known, LossPolicy.INCLUDED)
    as_zero = earnings_yield(known, LossPolicy.AS_ZERO)
    excluded = earnings_yield(known, LossPolicy.EXCLUDED)

    assert included is not None
    assert as_zero is not None
    assert included <= as_zero + 1e-12
    if excluded is not None:
        assert as_zero <= excluded + 1e-12
        total = math.fsum(w * e for w, e in known if e > 0)
        assert excluded == pytest.approx(total / math.fsum(w for w, e in known if e > 0))
