"""Runs of neighbours against exact arithmetic: no rounding reaches from one run into another."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.signals.rolling import highest, lowest, squares, sums

NUMBERS = st.one_of(
    st.integers(-3, 3).map(lambda n: n / 100),
    st.floats(-1e12, 1e12).map(lambda x: round(x, 6)),
    st.just(1e15),
)
ROWS = st.lists(NUMBERS, min_size=1, max_size=90)


def runs(row: list[float], n: int) -> list[list[float]]:
    return [row[j : j + n] for j in range(len(row) - n + 1)]


def spread(run: list[float]) -> Fraction:
    exact = [Fraction(x) for x in run]
    mean = sum(exact, Fraction()) / len(exact)
    return sum(((x - mean) ** 2 for x in exact), Fraction())


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(1, 70))
def test_extremes_of_each_run_are_its_own(row: list[float], n: int) -> None:
    n = min(n, len(row))
    x = np.array([row])

    assert highest(x, n)[0].tolist() == [max(run) for run in runs(row, n)]
    assert lowest(x, n)[0].tolist() == [min(run) for run in runs(row, n)]


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(1, 70))
def test_the_deviation_of_each_run_is_exact_whatever_stands_beside_it(
    row: list[float], n: int
) -> None:
    n = min(n, len(row))
    x = np.array([row])

    total, squared = squares(x, n)

    assert np.array_equal(total, sums(x, n)) or np.allclose(total, sums(x, n), rtol=1e-12)
    for told, run in zip(squared[0], runs(row, n), strict=True):
        right = spread(run)
        scale = max(abs(v) for v in run)
        assert abs(Fraction(told) - right) <= Fraction(1, 10**9) * right + Fraction(
            (n * scale * 2.0**-50) ** 2
        ), (told, float(right), run)


def test_a_jump_out_of_a_run_leaves_nothing_behind() -> None:
    row = [1e15, *[0.01, -0.01] * 30]

    _, squared = squares(np.array([row]), 60)

    assert abs(squared[0, 1] - 60 * 1e-4) <= 1e-9 * 60 * 1e-4


def test_a_run_with_something_unknown_is_unknown_and_its_neighbours_are_not() -> None:
    x = np.array([[np.nan, 1.0, 2.0, 3.0]])

    for of in (highest, lowest, sums, lambda x, n: squares(x, n)[1]):
        assert np.isnan(of(x, 3)[0]).tolist() == [True, False]
