"""Ticks and labels: round, few, and told apart."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.scales import Scale, day_ticks, multiple_text, price_text, spread, ticks_text

prices = st.floats(min_value=1e-6, max_value=1e7)


@given(prices, st.floats(min_value=1.001, max_value=1e6))
def test_ticks_lie_within_any_scale_are_few_and_read_differently(low: float, times: float) -> None:
    scale = Scale.of(np.array([low, low * times]))

    ticks = scale.ticks()
    texts = ticks_text(ticks, price_text)

    assert 1 <= len(ticks) <= 7
    assert all(scale.low <= tick <= scale.high for tick in ticks)
    assert len(set(texts)) == len(texts)


@given(st.dates(date(1960, 1, 1), date(2060, 1, 1)), st.integers(0, 36_500))
def test_days_have_few_names_in_their_order(first: date, length: int) -> None:
    last = first + timedelta(days=length)

    ticks = day_ticks(first, last)

    assert 1 <= len(ticks) <= 6
    assert [day for day, _ in ticks] == sorted({day for day, _ in ticks})
    assert all(first <= day <= last for day, _ in ticks)


@pytest.mark.parametrize(
    ("usd", "told"),
    [
        (132.764, "$132.76"),
        (700_000.4, "$700,000"),
        (1, "$1.00"),
        (0.0004, "$0.0004"),
        (0.00001833, "$0.00001833"),
        (0.5, "$0.50"),
        (9_999.5, "$9,999.50"),
        (2.2e38, "$2.2e38"),
        (3e-45, "$3e-45"),
    ],
)
def test_prices_are_told_by_their_size(usd: float, told: str) -> None:
    assert price_text(usd) == told


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        ([9.5, 10.0, 10.5], ["$9.50", "$10.00", "$10.50"]),
        ([100.0, 200.0], ["$100", "$200"]),
        ([0.00002, 0.00005, 0.0001, 0.001], ["$0.00002", "$0.00005", "$0.0001", "$0.001"]),
    ],
)
def test_ticks_have_the_decimals_that_their_step_needs(ticks: list[float], told: list[str]) -> None:
    assert ticks_text(ticks, price_text) == told


def test_multiples_are_told_with_one_decimal_below_a_hundred() -> None:
    assert [multiple_text(pe) for pe in (8.314, 32.33, 125.4)] == ["8.3", "32.3", "125"]


@given(st.lists(st.floats(min_value=-50, max_value=450), min_size=1, max_size=6))
def test_labels_are_moved_apart_within_their_room_and_keep_their_order(wanted: list[float]) -> None:
    places = spread(wanted, 22, 0, 400)

    ordered = sorted(places)
    assert all(b - a >= 22 - 1e-9 for a, b in pairwise(ordered))
    assert ordered[0] >= 11 - 1e-9
    assert ordered[-1] <= 389 + 1e-9
    assert sorted(range(len(wanted)), key=lambda n: wanted[n]) == sorted(
        range(len(wanted)), key=lambda n: places[n]
    )


def test_a_label_with_room_stays_where_it_is_wanted() -> None:
    assert spread([100, 200], 22, 0, 400) == [100, 200]
