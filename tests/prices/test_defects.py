"""Defects put into made-up companies are found where they are and put right; true moves stay."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prices.bars import PRICES
from bot.prices.defects import Download, Mark, find_defects
from tests.prices.series import a_bars, an_action
from tests.prices.walks import (
    COUNT,
    DAYS,
    FEW,
    SEEDS,
    SPLITS,
    Columns,
    Company,
    altered,
    certain,
    days_of,
    differing,
    scaled,
)


@FEW
@given(
    SEEDS,
    st.floats(0.004, 0.06),
    st.lists(
        st.tuples(
            st.integers(2, COUNT - 1),
            st.sampled_from([0.1, 0.2, 0.35, 0.5, 0.7, 1 / 1.324, 1.5, 2.0, 3.1]),
        ),
        max_size=3,
        unique_by=lambda move: move[0],
    ),
    st.one_of(st.none(), SPLITS),
    st.sampled_from([21, 63, 126]),
    st.floats(0.002, 0.12),
)
def test_crashes_jumps_splits_and_dividends_that_are_true_change_nothing(
    seed: int,
    daily: float,
    moves: list[tuple[int, float]],
    split: float | None,
    paid_every: int,
    yearly_yield: float,
) -> None:
    company = Company(
        seed, daily=daily, moves=tuple(moves), split=split, paid_every=paid_every,
        yearly_yield=yearly_yield,
    )  # fmt: skip
    right = company.download()

    found = find_defects(right)

    assert differing(found.repaired, right, tolerance=0) == []
    assert certain(found) == []


def test_a_fall_of_80_percent_after_a_reverse_split_is_left_and_only_suspected() -> None:
    right = Company(3, moves=((187, 0.2),), split=0.125).download()

    found = find_defects(right)

    assert differing(found.repaired, right, tolerance=0) == []
    assert set(days_of(found, Mark.SUSPECT_SPLIT)) <= {187}


@FEW
@given(SEEDS, SPLITS, st.integers(-2, 0))
def test_bars_before_a_split_that_were_not_brought_over_it_are(
    seed: int, split: float, late: int
) -> None:
    company = Company(seed, split=split)
    right, end = company.download(), company.split_row + late

    def forget(columns: Columns) -> None:
        scaled(columns, slice(0, end), split)
        columns["volume"][:end] /= split

    found = find_defects(altered(right, forget))

    assert days_of(found, Mark.SPLIT_SIDE) == list(range(end))
    assert differing(found.repaired, right) == []


@FEW
@given(SEEDS, st.sampled_from([0.76, 0.5]))
def test_bars_before_a_consolidation_that_a_payout_makes_up_for_are_brought_over_it(
    seed: int, split: float
) -> None:
    company = Company(seed, yearly_yield=0.0, daily=0.01, split=split)

    def paid(columns: Columns) -> None:
        row = company.split_row
        columns["dividends"][row] = columns["close"][row - 1] * (1 - split)
        scaled(columns, slice(row, None), split)
        columns["adjusted_close"][:row] *= split

    def forget(columns: Columns) -> None:
        scaled(columns, slice(0, company.split_row), split)
        columns["volume"][: company.split_row] /= split

    right = altered(company.download(), paid)
    found = find_defects(altered(right, forget))

    assert differing(found.repaired, right) == []
    assert certain(find_defects(right)) == []


@FEW
@given(SEEDS, SPLITS, st.integers(20, 120), st.integers(1, 12))
def test_some_bars_on_the_other_side_of_a_split_come_back(
    seed: int, split: float, start: int, count: int
) -> None:
    right, rows = Company(seed, split=split).download(), slice(start, start + count)

    def forget(columns: Columns) -> None:
        scaled(columns, rows, split)
        columns["volume"][rows] /= split

    found = find_defects(altered(right, forget))

    assert days_of(found, Mark.SPLIT_SIDE) == list(range(start, start + count))
    telling = abs(np.log(split)) * np.sqrt(count) > 3
    assert differing(found.repaired, right) == [] or (
        not telling and differing(found.repaired, right) == ["volume"]
    )


@FEW
@given(SEEDS, st.sampled_from([100.0, 0.01]), st.integers(0, 200), st.integers(1, 90))
def test_bars_in_another_unit_come_back_and_their_volumes_stay(
    seed: int, factor: float, start: int, count: int
) -> None:
    right = Company(seed).download()

    found = find_defects(altered(right, lambda c: scaled(c, slice(start, start + count), factor)))

    assert days_of(found, Mark.WRONG_UNIT) == list(range(start, start + count))
    assert differing(found.repaired, right) == []


@FEW
@given(
    SEEDS,
    st.sampled_from([100.0, 0.01]),
    st.sampled_from([*PRICES, "adjusted_close"]),
    st.integers(0, COUNT - 1),
)
def test_a_single_cell_in_another_unit_comes_back(
    seed: int, factor: float, name: str, row: int
) -> None:
    right = Company(seed).download()

    found = find_defects(altered(right, lambda c: scaled(c, slice(row, row + 1), factor, name)))

    assert days_of(found, Mark.WRONG_UNIT) == [row]
    assert differing(found.repaired, right) == []


def test_the_newest_bar_that_traded_tells_the_unit() -> None:
    right = altered(Company(5).download(), lambda c: c["volume"][-40:].fill(0.0))

    found = find_defects(altered(right, lambda c: scaled(c, slice(COUNT - 40, COUNT), 0.01)))

    assert differing(found.repaired, right) == []


def test_a_hundredfold_step_with_volumes_that_step_back_is_no_unit() -> None:
    def reverse_split(columns: Columns) -> None:
        scaled(columns, slice(0, 100), 0.01)
        columns["volume"][:100] *= 100

    given_ = altered(Company(5).download(), reverse_split)
    found = find_defects(given_)

    assert differing(found.repaired, given_, tolerance=0) == []
    assert days_of(found, Mark.SUSPECT_UNIT) == list(range(100))


@pytest.mark.parametrize("bad", [0.0, -3.0, np.nan, 2.2e38, np.inf])
def test_what_is_no_price_becomes_unknown(bad: float) -> None:
    right = Company(6).download()

    found = find_defects(altered(right, lambda c: c["close"].__setitem__(70, bad)))

    assert days_of(found, Mark.NO_PRICE) == [70]
    assert np.flatnonzero(np.isnan(found.repaired.bars.close)).tolist() == [70]
    assert found.marks()[date.fromordinal(int(DAYS[70]))] == "no_price"


def test_volume_below_zero_becomes_unknown() -> None:
    found = find_defects(
        altered(Company(6).download(), lambda c: c["volume"].__setitem__(70, -5.0))
    )

    assert days_of(found, Mark.BAD_VOLUME) == [70]
    assert np.isnan(found.repaired.bars.volume[70])


@pytest.mark.parametrize(("name", "factor"), [("high", 0.9), ("low", 1.1), ("close", 1.2)])
def test_a_range_that_does_not_hold_its_prices_is_flagged_and_left(
    name: str, factor: float
) -> None:
    given_ = altered(Company(6).download(), lambda c: scaled(c, slice(70, 71), factor, name))

    found = find_defects(given_)

    assert days_of(found, Mark.BAD_RANGE) == [70]
    assert differing(found.repaired, given_, tolerance=0) == []


def test_the_bar_of_the_session_under_way_is_left_out() -> None:
    right = Company(6).download()
    last = date.fromordinal(int(DAYS[-1]))

    found = find_defects(right, open_session=last)

    assert [f.mark for f in found.findings] == [Mark.PARTIAL_BAR]
    assert len(found.repaired) == COUNT - 1
    assert find_defects(right, open_session=date(2031, 1, 2)).findings == []


def test_of_a_day_told_twice_the_bar_with_more_volume_stays() -> None:
    right = Company(6).download()
    rows = np.append(np.arange(COUNT), [70, 71])
    columns = {name: column[rows] for name, column in right.columns().items()}
    columns["volume"][-1] /= 2
    columns["close"][-1] *= 0.999

    found = find_defects(right.with_columns(DAYS[rows], columns))

    assert differing(found.repaired, right, tolerance=0) == []
    assert [(f.certain, f.columns) for f in found.findings] == [
        (True, ("close",)), (False, ("close", "volume")),
    ]  # fmt: skip


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 10, 20, 1 / 2, 1 / 20])
def test_a_close_that_steps_like_a_split_is_suspect_whether_or_not_its_action_is_known(
    factor: float,
) -> None:
    days, day = DAYS[:40], date.fromordinal(int(DAYS[20]))
    closes = np.where(np.arange(40) < 20, 50.0, 50.0 * factor * 1.005)
    step = Download(bars=a_bars(days, closes))

    found = find_defects(step)

    assert [(f.mark, f.days, f.certain) for f in found.findings] == [
        (Mark.SUSPECT_SPLIT, (day,), False)
    ]
    assert found.breaks == ()
    known = find_defects(step, actions=[an_action(day, 1 / factor)])
    assert differing(known.repaired, step, tolerance=0) == []  # volumes fit a true move
    assert known.breaks == (day,)
    assert [(f.mark, f.days) for f in known.findings] == [(Mark.SUSPECT_SPLIT, (day,))]


@FEW
@given(SEEDS)
def test_the_order_of_the_rows_given_means_nothing(seed: int) -> None:
    given_ = altered(Company(seed, split=4.0).download(), lambda c: scaled(c, slice(30, 40), 4.0))
    order = np.random.default_rng(seed).permutation(COUNT)
    columns: Any = {name: column[order] for name, column in given_.columns().items()}

    shuffled = find_defects(given_.with_columns(DAYS[order], columns))

    assert shuffled.findings == find_defects(given_).findings
    assert differing(shuffled.repaired, find_defects(given_).repaired, tolerance=0) == []


def test_a_series_without_bars_has_no_defects() -> None:
    found = find_defects(Download(bars=a_bars([], [])))

    assert len(found.findings) == len(found.repaired) == 0
