"""A P/E beside its past and a benchmark: worked examples, and the figures of two companies."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.valuation.earnings_per_share import EpsHistory, trailing_pe
from bot.valuation.multiples import (
    Multiple,
    close_on,
    difference,
    implied_growth,
    month_ends,
    relative,
    standing,
    told_history,
    trailing_history,
)
from tests.valuation.bars import closes
from tests.valuation.recorded import (
    closes_as_traded,
    needs_recorded,
    recorded_actions,
    recorded_company,
)
from tests.valuation.reports import company, day


def test_month_ends_are_the_last_sessions_of_the_sixty_months_before() -> None:
    ends = month_ends(day("2026-05-29"))

    assert len(ends) == 60
    assert (ends[0], ends[-1]) == (day("2021-05-28"), day("2026-04-30"))  # 31 May 2021 was closed
    assert month_ends(day("2026-06-01"))[-1] == day("2026-05-29")


def test_a_close_is_of_its_very_day() -> None:
    bars = closes({"2025-09-26": 110.53, "2025-09-29": float("nan"), "2025-09-30": 0.0})

    assert close_on(bars, day("2025-09-26")) == 110.53
    assert close_on(bars, day("2025-09-27")) is None
    assert close_on(bars, day("2025-09-29")) is None
    assert close_on(bars, day("2025-09-30")) is None
    assert close_on(bars, day("2025-10-01")) is None


def test_each_month_is_valued_by_what_was_known_then() -> None:
    history = EpsHistory(
        company(
            EarningsPerShareDiluted=[
                ("2023-01-01", "2023-12-31", 2.0, "2024-02-20"),
                ("2024-01-01", "2024-12-31", 4.0, "2025-02-20"),
            ]
        )
    )
    bars = closes({"2024-05-31": 30.0, "2025-01-31": 40.0, "2025-02-28": 40.0})

    pes = trailing_history(day("2025-03-03"), bars, history)

    known = dict(zip(month_ends(day("2025-03-03")), pes, strict=True))
    assert known[day("2024-05-31")] == 15
    assert known[day("2025-01-31")] is None  # 397 days after the year's end
    assert known[day("2025-02-28")] == 10
    assert sum(pe is not None for pe in pes) == 2


def test_standing_is_reckoned_on_logarithms_and_counts_equals_as_below() -> None:
    history = [10.0] * 18 + [40.0] * 18

    stands = standing(20.0, history)

    assert stands.zscore == pytest.approx(0, abs=1e-12)  # 20 is the geometric middle
    assert stands.percentile == 50
    assert standing(10.0, history).percentile == 50
    assert standing(9.9, history).percentile == 0


def test_thirty_five_months_are_too_few() -> None:
    assert standing(20.0, [10.0, 40.0] * 18).zscore is not None
    assert standing(20.0, [*[10.0] * 35, *[None] * 25]).percentile is None


def test_a_past_that_does_not_move_has_a_percentile_and_no_zscore() -> None:
    stands = standing(20.0, [10.0] * 36)

    assert (stands.zscore, stands.percentile) == (None, 100)


@pytest.mark.parametrize(
    ("own", "other", "ratio", "spread"),
    [
        (24.64, 22.50, 1.0951, 2.14),
        (24.64, 22.32, 1.1039, 2.32),
        (36.38, 22.50, 1.6169, 13.88),
        (36.38, 24.64, 1.4765, 11.74),
    ],
)
def test_the_funds_of_the_article(own: float, other: float, ratio: float, spread: float) -> None:
    assert relative(Multiple(pe=own), Multiple(pe=other)).pe == pytest.approx(ratio, abs=5e-5)
    assert difference(own, other) == pytest.approx(spread)


def test_an_unknown_side_makes_everything_unknown() -> None:
    both = Multiple(pe=20.0, history=[20.0, None, 30.0])
    gaps = Multiple(pe=None, history=[None, 10.0, 10.0])

    assert relative(both, gaps) == Multiple(pe=None, history=[None, None, 3.0])
    assert difference(None, 1.0) is None
    assert implied_growth(None, 20.0) is None
    assert implied_growth(30.0, 20.0) == 0.5


def test_of_each_month_the_last_told_pe_counts() -> None:
    told = [(day("2025-08-05"), 20.0), (day("2025-08-29"), 21.0), (day("2025-10-02"), 24.0)]

    history = told_history(day("2025-10-14"), told)

    assert history[-2:] == [21.0, None]  # none was told in September


@given(st.lists(st.floats(1, 100), min_size=36, max_size=60), st.floats(0.1, 10))
def test_standing_does_not_depend_on_the_unit(history: list[float], factor: float) -> None:
    one = standing(20.0, history)
    other = standing(20.0 * factor, [pe * factor for pe in history])

    if one.zscore is not None and other.zscore is not None:
        assert other.zscore == pytest.approx(one.zscore, rel=1e-6, abs=1e-6)


@needs_recorded
@pytest.mark.parametrize(
    ("ticker", "pe", "median", "zscore", "percentile"),
    [("AAPL", 39.50, 30.36, 1.755, 98.3), ("NVDA", 32.33, 63.20, -1.635, 0.0)],
)
def test_two_companies_against_their_own_past(
    ticker: str, pe: float, median: float, zscore: float, percentile: float
) -> None:
    earnings = EpsHistory(recorded_company(ticker), recorded_actions(ticker))
    bars, as_of = closes_as_traded(ticker), day("2026-05-29")

    history = trailing_history(as_of, bars, earnings)
    now, _ = trailing_pe(earnings.at(as_of), close_on(bars, as_of))
    stands = standing(now, history)

    assert now == pytest.approx(pe, abs=0.005)
    assert statistics.median(h for h in history if h) == pytest.approx(median, abs=0.005)
    assert stands.zscore == pytest.approx(zscore, abs=5e-4)
    assert stands.percentile == pytest.approx(percentile, abs=0.05)
