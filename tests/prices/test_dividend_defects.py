"""Dividends, gains and adjusted closes that do not fit one another, in made-up companies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prices.defects import Mark, find_defects
from tests.prices.walks import (
    FEW,
    SEEDS,
    Columns,
    Company,
    a_paid_row,
    altered,
    certain,
    days_of,
    differing,
    scaled,
    share_paid,
    step_by,
)


@FEW
@given(SEEDS, st.sampled_from([0.04, 0.2]))
def test_dividends_a_hundred_times_too_large_are_put_right_by_what_the_rest_says(
    seed: int, yearly_yield: float
) -> None:
    right = Company(seed, yearly_yield=yearly_yield, daily=0.01).download()

    found = find_defects(altered(right, lambda c: scaled(c, slice(None), 100, "dividends")))

    assert differing(found.repaired, right) == []
    assert set(certain(found)) == {Mark.DIVIDEND_SIZE}


@FEW
@given(SEEDS)
def test_a_dividend_and_its_adjustment_a_hundredfold_are_both_put_right(seed: int) -> None:
    right = Company(seed, yearly_yield=0.02, daily=0.01).download()
    row = a_paid_row(right)

    def swell(columns: Columns) -> None:
        columns["dividends"][row] *= 100
        step_by(columns, row, share_paid(columns, row))

    found = find_defects(altered(right, swell))

    assert days_of(found, Mark.DIVIDEND_SIZE) == [row]
    assert differing(found.repaired, right) == []


@FEW
@given(SEEDS, st.integers(0, 3))
def test_adjusted_closes_that_forgot_a_dividend_step_by_it(seed: int, at: int) -> None:
    right = Company(seed).download()
    row = a_paid_row(right, at)

    found = find_defects(altered(right, lambda c: step_by(c, row, 0.0)))

    assert days_of(found, Mark.DIVIDEND_ADJUSTMENT) == [row]
    assert differing(found.repaired, right) == []


@FEW
@given(SEEDS)
def test_adjusted_closes_that_step_by_a_hundredth_of_every_dividend_step_by_them(
    seed: int,
) -> None:
    right = Company(seed, yearly_yield=0.12, daily=0.008).download()
    rows = [a_paid_row(right, at) for at in range(4)]

    def shrink(columns: Columns) -> None:
        for row in rows:
            step_by(columns, row, share_paid(columns, row) / 100)

    found = find_defects(altered(right, shrink))

    assert days_of(found, Mark.DIVIDEND_ADJUSTMENT) == rows
    assert differing(found.repaired, right) == []


@pytest.mark.parametrize(("share", "mended"), [(2.5, True), (1.1, False)])
def test_adjusted_closes_that_step_by_another_size_follow_the_price_where_it_speaks(
    share: float, mended: bool
) -> None:
    right = Company(8, yearly_yield=0.3, daily=0.01).download()
    row = a_paid_row(right)
    given_ = altered(right, lambda c: step_by(c, row, share_paid(c, row) * share))

    found = find_defects(given_)

    kind = Mark.DIVIDEND_ADJUSTMENT if mended else Mark.SUSPECT_DIVIDEND
    assert days_of(found, kind) == [row]
    assert differing(found.repaired, right if mended else given_) == []


@FEW
@given(SEEDS, st.sampled_from([-2, -1, 1, 2, 3]))
def test_a_dividend_told_again_some_days_off_is_a_phantom(seed: int, off: int) -> None:
    right = Company(seed).download()
    row = a_paid_row(right)

    def again(columns: Columns) -> None:
        columns["dividends"][row + off] = columns["dividends"][row]

    found = find_defects(altered(right, again))

    assert days_of(found, Mark.DIVIDEND_PHANTOM) == [row + off]
    assert differing(found.repaired, right) == []


@FEW
@given(SEEDS)
def test_a_phantom_that_was_adjusted_for_is_taken_out_of_the_adjusted_closes(seed: int) -> None:
    right = Company(seed, yearly_yield=0.4, daily=0.01).download()
    row = a_paid_row(right)

    def again(columns: Columns) -> None:
        columns["dividends"][row + 1] = columns["dividends"][row]
        step_by(columns, row + 1, share_paid(columns, row + 1))

    found = find_defects(altered(right, again))

    assert days_of(found, Mark.DIVIDEND_PHANTOM) == [row + 1]
    assert differing(found.repaired, right) == []


@FEW
@given(SEEDS, st.sampled_from([-17, -14, 14, 16, 18]), st.booleans())
def test_a_dividend_told_again_weeks_off_is_said_and_nothing_is_rewritten(
    seed: int, off: int, adjusted: bool
) -> None:
    right = Company(seed, daily=0.008).download()
    row = a_paid_row(right)

    def again(columns: Columns) -> None:
        columns["dividends"][row + off] = columns["dividends"][row]
        if adjusted:
            step_by(columns, row + off, share_paid(columns, row + off))

    given_ = altered(right, again)
    found = find_defects(given_)

    assert differing(found.repaired, given_, tolerance=0) == []
    assert {f.mark for f in found.findings} == {Mark.SUSPECT_DIVIDEND}


def test_weekly_payers_have_no_phantoms() -> None:
    right = Company(4, paid_every=5, yearly_yield=0.3).download()

    assert find_defects(right).findings == []


@FEW
@given(SEEDS, st.floats(0.2, 0.95))
def test_a_gain_counted_twice_in_adjusted_closes_is_counted_once(seed: int, part: float) -> None:
    right = Company(seed, yearly_yield=0.4, daily=0.01).download()
    rows = [a_paid_row(right, at) for at in range(4)]

    def twice(columns: Columns) -> None:
        for row in rows:
            columns["gains"][row] = columns["dividends"][row] * part
            step_by(columns, row, share_paid(columns, row) * (1 + part))

    given_ = altered(right, twice)
    found = find_defects(given_)

    assert days_of(found, Mark.GAIN_TWICE) == rows
    assert differing(found.repaired, right) == ["gains"]


def test_gains_that_stand_beside_the_dividends_are_no_defect() -> None:
    right = Company(5, yearly_yield=0.4, daily=0.01).download()

    def apart(columns: Columns) -> None:
        for row in np.flatnonzero(columns["dividends"]):
            columns["gains"][row] = columns["dividends"][row] = columns["dividends"][row] / 2

    beside = altered(right, apart)
    found = find_defects(beside)

    assert differing(found.repaired, beside, tolerance=0) == []
    assert found.findings == []
