"""Statistics of every run of n neighbours, exact for each run by itself.

Each is made by joining runs of half the length, never by a running total: what stands outside of a
run, however large, leaves no rounding error in it.  The result of a matrix with w columns has
w - n + 1; column j tells of columns j to j + n - 1.  A NaN in a run makes its result NaN.
"""

from collections.abc import Callable

import numpy as np

from bot.prices.bars import Floats


def highest(x: Floats, n: int) -> Floats:
    """The largest of each run."""
    return _extreme(x, n, np.maximum)


def lowest(x: Floats, n: int) -> Floats:
    """The smallest of each run."""
    return _extreme(x, n, np.minimum)


def _extreme(x: Floats, n: int, of: Callable[[Floats, Floats], Floats]) -> Floats:
    """By runs of 1, 2, 4, … and at last two that overlap."""
    length = 1
    while 2 * length <= n:
        x, length = of(x[:, :-length], x[:, length:]), 2 * length
    return x if length == n else of(x[:, : length - n], x[:, n - length :])


def sums(x: Floats, n: int) -> Floats:
    """The sum of each run."""
    if n == 1:
        return x
    if n % 2:
        return sums(x, n - 1)[:, :-1] + x[:, n - 1 :]
    half = sums(x, n // 2)
    return half[:, : -(n // 2)] + half[:, n // 2 :]


def squares(x: Floats, n: int) -> tuple[Floats, Floats]:
    """Sum of each run, and sum of its squared deviations from its own mean.

    Two runs of one mean apart add up; what the means differ adds its square (Chan, Golub and
    LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
    Nothing is taken from anything large, so that the relative error is that of summing squares.
    """
    if n == 1:
        return x, np.zeros_like(x)
    if n == 2:
        apart = x[:, 1:] - x[:, :-1]
        apart *= apart
        apart *= 0.5
        return x[:, :-1] + x[:, 1:], apart
    if n % 2:
        return _one_more(x, n)
    half = n // 2
    total, spread = squares(x, half)
    apart = total[:, half:] - total[:, :-half]
    apart *= apart
    apart *= 1 / n
    apart += spread[:, half:]
    apart += spread[:, :-half]
    return total[:, half:] + total[:, :-half], apart


def _one_more(x: Floats, n: int) -> tuple[Floats, Floats]:
    total, spread = squares(x, n - 1)
    total, spread, last = total[:, :-1], spread[:, :-1], x[:, n - 1 :]
    apart = total * (1 / (n - 1))
    apart -= last
    apart *= apart
    apart *= (n - 1) / n
    apart += spread
    return total + last, apart
