"""What stands behind a ratio that is told as a split."""

from datetime import date

import pytest

from bot.prices.bars import ActionKind
from bot.prices.splits import split_action

DAY = date(2025, 11, 18)


@pytest.mark.parametrize(
    ("ratio", "kind", "eps_ratio"),
    [
        (4, ActionKind.SPLIT, 4),
        (20, ActionKind.SPLIT, 20),
        (1.5, ActionKind.SPLIT, 1.5),
        (4 / 3, ActionKind.SPLIT, 4 / 3),
        (1.05, ActionKind.SPLIT, 1.05),  # a stock dividend of 5 %
        (1.998, ActionKind.SPLIT, 2),  # the class C shares of Alphabet, 2014
        (2.002, ActionKind.SPLIT, 2),
        (0.125, ActionKind.REVERSE_SPLIT, 0.125),
        (1 / 30, ActionKind.REVERSE_SPLIT, 1 / 30),
        (0.02, ActionKind.REVERSE_SPLIT, 0.02),
        (0.4, ActionKind.REVERSE_SPLIT, 0.4),
        (1.324, ActionKind.SPINOFF, 1),  # AT&T, 2022
        (1.04, ActionKind.SPINOFF, 1),  # General Electric, 2019
        (1.281, ActionKind.SPINOFF, 1),
        (1.253, ActionKind.SPINOFF, 1),
        (1.054, ActionKind.SPINOFF, 1),
        (1.067, ActionKind.SPINOFF, 1),
        (1.196, ActionKind.SPINOFF, 1),
    ],
)
def test_a_small_rational_divides_earnings_and_anything_else_prices_alone(
    ratio: float, kind: ActionKind, eps_ratio: float
) -> None:
    action = split_action("ACME", DAY, ratio, "yahoo")

    assert action.kind is kind
    assert action.price_ratio == ratio
    assert action.eps_ratio == pytest.approx(eps_ratio, rel=1e-12)
    assert (action.ticker, action.ex_day, action.source) == ("ACME", DAY, "yahoo")


@pytest.mark.parametrize("ratio", [0.0, -2.0, float("nan"), float("inf")])
def test_what_is_no_ratio_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="ratio"):
        split_action("ACME", DAY, ratio, "yahoo")
