"""How much a price moves by itself: what a suspicion is weighed against."""

import numpy as np

from bot.prices.bars import Floats

SIGMA_FLOOR = 0.004
FEW = 10
SIGMA_OF_FEW = 0.03
"""Of a log return where fewer than ``FEW`` are known: a volatile share's day."""


def log_steps(prices: Floats) -> Floats:
    """Of each row its log change from the row before; NaN for the first and where unknown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.diff(np.log(np.where(prices > 0, prices, np.nan)), prepend=np.nan)


def usual_step(steps: Floats) -> float:
    """Standard deviation of log returns that outliers do not move: from their median deviation."""
    known = steps[np.isfinite(steps)]
    if len(known) < FEW:
        return SIGMA_OF_FEW
    return max(SIGMA_FLOOR, 1.4826 * float(np.median(np.abs(known - np.median(known)))))


def log_likelihood(residual: float, sigma: float) -> float:
    """Of a return that is off by so much, less that of none: Student's t with 3 degrees.

    Its heavy tails are those of daily returns: ten sigma weigh 7 nats, not 50.
    """
    return -2.0 * float(np.log1p((residual / sigma) ** 2 / 3))


def log_likelihoods(residuals: Floats, sigma: float) -> Floats:
    """``log_likelihood`` of each."""
    return -2.0 * np.log1p((residuals / sigma) ** 2 / 3)
