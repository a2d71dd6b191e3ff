"""What a ratio told as a split is: a split, a reverse split, or a spin-off told as one."""

from datetime import date
from fractions import Fraction

from bot.prices.bars import Action, ActionKind

_CLASS_TOLERANCE = 0.002
"""Share-class dividends are told as 1.998 and 2.002: what a share earns is halved all the same."""

_LARGEST_DENOMINATOR = 20  # 21:20 is a stock dividend of 5 %, 1.054 a spin-off
_EXACT = 1e-6


def split_action(ticker: str, ex_day: date, ratio: float, source: str) -> Action:
    """The action behind a split as Yahoo tells it: the number of new shares for an old one.

    A small rational is a split and divides earnings a share, too.  Anything like 1.054 is a
    spin-off, which moves prices alone.
    Raises ValueError on a ratio that is not finite and positive.
    """
    if not 0 < ratio < float("inf"):
        raise ValueError(f"a ratio must be finite and positive, got {ratio}")
    shares = _shares_for_one(ratio)
    if shares is None:
        kind = ActionKind.SPINOFF
    else:
        kind = ActionKind.SPLIT if ratio > 1 else ActionKind.REVERSE_SPLIT
    return Action(
        ticker=ticker,
        ex_day=ex_day,
        kind=kind,
        price_ratio=ratio,
        eps_ratio=1.0 if shares is None else float(shares),
        source=source,
    )


def _shares_for_one(ratio: float) -> Fraction | None:
    whole = round(max(ratio, 1 / ratio))
    if whole > 1 and abs(max(ratio, 1 / ratio) / whole - 1) <= _CLASS_TOLERANCE:
        return Fraction(whole) if ratio > 1 else Fraction(1, whole)
    small = Fraction(ratio).limit_denominator(_LARGEST_DENOMINATOR)
    return small if small and abs(ratio / small - 1) <= _EXACT else None
