"""What is believed of bars, and that what looks plain is."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.doubts import examined, is_plain, looks_like_a_split, without_slips
from bot.prices.defects import find_defects
from bot.prices.download import Download
from tests.prices_of import a_series, sessions

DAYS = sessions("2025-09-02", 30)


@pytest.mark.parametrize(
    ("ratio", "like"),
    [
        (0.5, True),
        (2.0, True),
        (0.5069, True),
        (0.5071, False),
        (0.4, False),
        (20.0, True),
        (0.1, True),
        (1.0, False),
        (0.0, False),
        (float("nan"), False),
        (float("inf"), False),
    ],
)
def test_a_ratio_looks_like_a_split_where_its_logarithm_is_within_two_hundredths(
    ratio: float, like: bool
) -> None:
    assert looks_like_a_split(ratio) is like


STEPS = st.lists(
    st.sampled_from([1.0, 1.02, 0.97, 1.4, 0.7, 2.0, 0.5, 0.1, 10.0, 100.0, 0.01]),
    min_size=29,
    max_size=29,
)


@given(STEPS, st.sampled_from(["", "high", "low", "open", "volume"]), st.integers(0, 29))
def test_nothing_is_wrong_with_what_is_plain(steps: list[float], column: str, at: int) -> None:
    closes = np.cumprod([50.0, *steps])
    bars = a_series("X", DAYS, closes.tolist())
    if column:
        cells = getattr(bars, column).copy()
        cells[at] = -cells[at] if at % 3 else cells[at] * 1.5
        bars = replace(bars, **{column: cells})

    if is_plain(bars):
        assert not find_defects(Download(bars=bars)).findings


def test_a_quiet_series_is_plain_and_one_that_doubles_is_not() -> None:
    quiet = [50.0 + n for n in range(30)]

    assert is_plain(a_series("X", DAYS, quiet))
    assert not is_plain(a_series("X", DAYS, [*quiet[:-1], 160.0]))
    assert not is_plain(replace(a_series("X", DAYS, quiet), high=np.full(30, np.nan)))


def test_only_a_jump_that_is_taken_back_is_a_slip() -> None:
    flat = [100.0] * 30
    slip, crash = [*flat], [*flat]
    slip[10] = 10.0
    crash[10:] = [50.0] * 20

    assert len(without_slips(a_series("X", DAYS, slip))) == 29
    assert len(without_slips(a_series("X", DAYS, crash))) == 30


def test_a_newest_close_in_another_unit_is_suspect_and_those_before_stay() -> None:
    found = examined(a_series("X", DAYS, [50.0] * 29 + [5_000.0]), ())

    assert found.is_suspect(DAYS[-1])
    assert found.bars.close.tolist() == [50.0] * 29 + [5_000.0]
    assert not found.is_suspect(date(2025, 9, 3))
