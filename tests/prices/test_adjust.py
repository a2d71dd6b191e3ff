"""Share bases: prices as traded and as seen from a later day."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prices.adjust import adjusted, as_traded
from bot.prices.bars import Conflict, joined
from tests.prices.series import a_bars, an_action, some_sessions

DAYS = some_sessions(8)
EX_DAY = date.fromordinal(int(DAYS[4]))


def test_a_split_divides_prices_before_its_first_day_and_multiplies_volumes() -> None:
    bars = a_bars(DAYS, [400, 404, 400, 396, 100, 101, 99, 100])

    seen = adjusted(bars, [an_action(EX_DAY, 4)], EX_DAY)

    assert seen.close.tolist() == [100, 101, 100, 99, 100, 101, 99, 100]
    assert seen.volume.tolist() == [4e6] * 4 + [1e6] * 4


def test_an_action_that_comes_later_is_not_in_the_prices_of_the_day() -> None:
    bars = a_bars(DAYS, [400.0] * 8)

    seen = adjusted(bars, [an_action(EX_DAY, 4)], EX_DAY - timedelta(days=1))

    assert seen.close.tolist() == bars.close.tolist()


@pytest.mark.parametrize("kind", ["reverse_split", "spinoff"])
def test_reverse_splits_and_spinoffs_adjust_by_their_ratio(kind: str) -> None:
    seen = adjusted(a_bars(DAYS, [1.0] * 8), [an_action(EX_DAY, 0.125, kind=kind)], EX_DAY)

    assert seen.close.tolist() == [8.0] * 4 + [1.0] * 4


def test_a_dividend_adjusts_nothing_whatever_ratio_stands_beside_it() -> None:
    dividend = replace(an_action(EX_DAY, 1.03, kind="dividend"), cash_usd=3.0)

    assert adjusted(a_bars(DAYS, [1.0] * 8), [dividend], EX_DAY).close.tolist() == [1.0] * 8


def test_an_action_of_another_ticker_or_told_twice_changes_nothing_more() -> None:
    actions = [an_action(EX_DAY, 2), an_action(EX_DAY, 2), an_action(EX_DAY, 5, ticker="XYZ")]

    seen = adjusted(a_bars(DAYS, [2.0] * 8), actions, EX_DAY)

    assert seen.close.tolist() == [1.0] * 4 + [2.0] * 4


@pytest.mark.parametrize("ratio", [0.0, -2.0, float("nan"), float("inf")])
def test_a_ratio_that_is_no_ratio_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="price_ratio of 2022"):
        adjusted(a_bars(DAYS, [2.0] * 8), [an_action(EX_DAY, ratio)], EX_DAY)


@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from([2, 3, 7, 0.1, 1 / 3, 1.324])), max_size=6
    ),
    st.lists(st.floats(1e-4, 1e5), min_size=8, max_size=8),
    st.integers(0, 7),
)
def test_bars_adjusted_and_brought_back_are_the_same(
    told: list[tuple[int, float]], closes: list[float], last: int
) -> None:
    actions = [an_action(date.fromordinal(int(DAYS[at])), ratio) for at, ratio in told]
    bars, as_of = a_bars(DAYS, closes), date.fromordinal(int(DAYS[last]))

    back = as_traded(adjusted(bars, actions, as_of), actions, as_of)

    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_allclose(getattr(back, name), getattr(bars, name), rtol=1e-12)


def test_pieces_that_agree_join_and_pieces_that_do_not_are_a_conflict() -> None:
    first, second = a_bars(DAYS[:5], [1, 2, 3, 4, 5]), a_bars(DAYS[3:], [4, 5, 6, 7, 8])

    whole = joined([second, first])

    assert whole.close.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(Conflict, match="two closes of ABC on 2022-01-06"):
        joined([first, a_bars(DAYS[3:], [4.1, 5, 6, 7, 8])])
