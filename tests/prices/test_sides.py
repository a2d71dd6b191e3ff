"""Bars on the wrong side of a known action: put right where sure, else said; never made worse."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prices.bars import PRICES
from bot.prices.defects import Defects, Download, Mark, find_defects
from tests.prices.series import a_bars, an_action
from tests.prices.walks import (
    COUNT,
    DAYS,
    FEW,
    SEEDS,
    Columns,
    Company,
    altered,
    certain,
    days_of,
    differing,
    scaled,
)

RATIOS = st.sampled_from([1.054, 1.067, 1.324, 1 / 8, 2.0, 4.0, 10.0])
ROW = 150


def displaced(right: Download, rows: slice, factor: float, *, volume: bool = True) -> Download:
    """The download with some rows a factor too high, volumes the other way."""

    def move(columns: Columns) -> None:
        scaled(columns, rows, factor)
        if volume:
            columns["volume"][rows] /= factor

    return altered(right, move)


def spoiled(found: Defects, given_: Download, right: Download) -> list[str]:
    """Columns of prices in which something that was right, or left alone, reads otherwise now."""
    after, before, wanted = (d.columns() for d in (found.repaired, given_, right))
    return [
        name
        for name in (*PRICES, "adjusted_close")
        if not (
            np.isclose(after[name], before[name], rtol=1e-9)
            | np.isclose(after[name], wanted[name], rtol=1e-6)
        ).all()
    ]


@FEW
@given(SEEDS, RATIOS, st.integers(1, 30), st.sampled_from([0.008, 0.015, 0.03]),
       st.sampled_from(["before", "after", "after, divided"]), st.booleans())  # fmt: skip
def test_bars_on_the_other_side_of_an_action_are_put_right_or_left_and_no_others_change(
    seed: int, ratio: float, count: int, daily: float, where: str, volume: bool
) -> None:
    right = Company(seed, daily=daily, split=ratio).download()
    rows = slice(ROW - count, ROW) if where == "before" else slice(ROW, ROW + count)
    factor = 1 / ratio if where == "after, divided" else ratio
    given_ = displaced(right, rows, factor, volume=volume)

    found = find_defects(given_)

    assert spoiled(found, given_, right) == []
    if abs(np.log(ratio)) > 0.5:
        assert set(differing(found.repaired, right)) <= {"volume"}
        assert days_of(found, Mark.SPLIT_SIDE) == list(range(rows.start, rows.stop))


@pytest.mark.parametrize("ratio", [3.0, 4.0, 5.0, 0.125])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_step_back_after_an_ex_day_leaves_all_before_it_alone(ratio: float, count: int) -> None:
    right = Company(5, split=ratio).download()

    found = find_defects(displaced(right, slice(ROW, ROW + count), 1 / ratio))

    assert days_of(found, Mark.SPLIT_SIDE) == list(range(ROW, ROW + count))
    assert set(differing(found.repaired, right)) <= {"volume"}


def test_a_spin_off_whose_ex_day_moved_by_itself_leaves_all_before_it_alone() -> None:
    right = Company(5, daily=0.01, split=1.324, moves=((ROW, 1.07),)).download()

    found = find_defects(displaced(right, slice(ROW, ROW + 8), 1.324))

    assert days_of(found, Mark.SPLIT_SIDE) == list(range(ROW, ROW + 8))
    assert set(differing(found.repaired, right)) <= {"volume"}


def test_right_volumes_of_bars_with_wrong_prices_stay() -> None:
    right = Company(5, split=10.0).download()

    found = find_defects(displaced(right, slice(ROW - 5, ROW), 10.0, volume=False))

    assert differing(found.repaired, right) == []


def test_the_volumes_of_a_spin_off_are_left_as_they_tell_nothing() -> None:
    right = Company(5, daily=0.01, split=1.324).download()
    given_ = displaced(right, slice(ROW - 5, ROW), 1.324)

    found = find_defects(given_)

    assert differing(found.repaired, right) == ["volume"]
    assert differing(found.repaired, given_) == ["open", "high", "low", "close", "adjusted_close"]


def test_a_small_spin_off_forgotten_in_some_bars_is_said_and_left() -> None:
    right = Company(5, daily=0.012, split=1.067).download()
    given_ = displaced(right, slice(ROW - 5, ROW), 1.067)

    found = find_defects(given_)

    assert differing(found.repaired, given_, tolerance=0) == []
    assert days_of(found, Mark.SUSPECT_SPLIT) == list(range(ROW - 5, ROW + 1))
    assert [day.toordinal() for day in found.breaks] == [DAYS[ROW - 5], DAYS[ROW]]


def test_a_true_move_of_the_same_size_beside_wrong_bars_is_said_and_nothing_changes() -> None:
    right = Company(5, daily=0.01, split=2.0, moves=((ROW - 2, 0.5),)).download()
    given_ = displaced(right, slice(ROW, ROW + 11), 2.0)

    found = find_defects(given_)

    assert spoiled(found, given_, right) == []
    assert Mark.SUSPECT_SPLIT in {each.mark for each in found.findings}


def test_a_bar_far_from_the_ex_day_is_put_right_by_the_factor_of_the_action_alone() -> None:
    right = Company(5, split=0.125).download()
    far = slice(ROW - 60, ROW - 59)
    by_another = displaced(right, far, 0.1)

    assert set(differing(find_defects(displaced(right, far, 0.125)).repaired, right)) <= {"volume"}
    assert differing(find_defects(by_another).repaired, by_another, tolerance=0) == []


@pytest.mark.parametrize("ratio", [4.0, 1.324, 0.125])
def test_actions_told_beside_a_series_are_those_of_the_series(ratio: float) -> None:
    with_splits = displaced(
        Company(5, daily=0.01, split=ratio).download(), slice(ROW - 5, ROW), ratio
    )
    action = an_action(date.fromordinal(int(DAYS[ROW])), ratio)

    beside = find_defects(Download(bars=with_splits.bars), actions=[action])

    own = find_defects(with_splits)
    assert certain(beside) == certain(own) == [Mark.SPLIT_SIDE]
    assert beside.marks() == own.marks()


def test_a_crash_on_an_ex_day_that_is_no_factor_of_the_action_is_neither_changed_nor_said() -> None:
    right = Company(5, split=4.0, moves=((ROW, 0.6),)).download()

    found = find_defects(right)

    assert (found.findings, list(found.breaks)) == ([], [])


def test_an_action_on_a_day_without_a_bar_is_that_of_the_next_one() -> None:
    early = np.arange(59) < 30
    days = np.delete(DAYS[:60], 30)
    closes, volume = np.where(early, 200.0, 50.0), np.where(early, 1e6, 4e6)
    action = an_action(date.fromordinal(int(DAYS[30])), 4.0)

    found = find_defects(Download(bars=a_bars(days, closes, volume=volume)), actions=[action])

    assert certain(found) == [Mark.SPLIT_SIDE]
    assert found.repaired.bars.close.tolist() == [50.0] * 59


@FEW
@given(SEEDS, st.sampled_from([100.0, 0.01]), st.integers(1, 100))
def test_newest_bars_in_another_unit_never_rewrite_those_before(
    seed: int, factor: float, count: int
) -> None:
    right = Company(seed).download()
    given_ = altered(right, lambda c: scaled(c, slice(COUNT - count, COUNT), factor))

    found = find_defects(given_)

    assert differing(found.repaired, given_ if count == 1 else right) == []
    kind = Mark.SUSPECT_UNIT if count == 1 else Mark.WRONG_UNIT
    assert days_of(found, kind) == list(range(COUNT - count, COUNT))


def test_a_run_of_the_other_unit_before_newest_bars_that_are_off_comes_back_too() -> None:
    right = Company(5).download()

    def spoil(columns: Columns) -> None:
        scaled(columns, slice(COUNT - 5, COUNT), 100.0)
        scaled(columns, slice(100, 120), 0.01)

    assert differing(find_defects(altered(right, spoil)).repaired, right) == []
