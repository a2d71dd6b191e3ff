"""Made-up bars for tests of signals: every oddity of real series, and none of their numbers."""

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from bot.calendar import NYSE
from bot.prices.bars import Bars

FIRST = date(2023, 11, 1)
UNKNOWN = math.nan


def sessions(count: int, first: date = FIRST) -> list[date]:
    """That many sessions of the exchange from a day on."""
    start = NYSE.session_number(first - timedelta(days=1)) + 1
    return [NYSE.session_day(number) for number in range(start, start + count)]


def bars(
    closes: Sequence[float],
    *,
    ticker: str = "AAA",
    days: Sequence[date] | None = None,
    opens: Sequence[float] | None = None,
    volumes: Sequence[float] | None = None,
) -> Bars:
    """Bars with these closes, on sessions one after another unless told otherwise."""
    days = sessions(len(closes)) if days is None else days
    unknown = np.full(len(closes), UNKNOWN)
    return Bars(
        ticker=ticker,
        days=np.array([day.toordinal() for day in days], np.int32),
        open=unknown if opens is None else np.array(opens, np.float64),
        high=unknown,
        low=unknown,
        close=np.array(closes, np.float64),
        volume=unknown if volumes is None else np.array(volumes, np.float64),
    )


def walk(rng: random.Random, count: int, *, start: float = 50.0, step: float = 0.03) -> list[float]:
    """Closes in whole cents that wander."""
    closes = [start]
    while len(closes) < count:
        closes.append(max(0.01, round(closes[-1] * math.exp(rng.gauss(0, step)), 2)))
    return closes


def oddities(rng: random.Random, count: int) -> list[float]:
    """Closes in whole cents of one of the shapes that lose digits: jumps before stillness, one
    price for months, a step each day, closes of no sense among good ones."""
    shape = rng.choice(["walk", "jump", "flat", "alternating", "huge", "holes"])
    if shape == "flat":
        return [10.0] * count
    if shape == "alternating":
        return [10.0 + (place % 2) / 100 for place in range(count)]
    closes = walk(rng, count, start=rng.choice([0.05, 3.0, 700.0]))
    if shape == "jump":
        at = rng.randrange(count)
        factor = rng.choice([1e-4, 1e4, 1e8])
        closes[at:] = [round(closes[at] * factor, 2) + (n % 3) / 100 for n in range(count - at)]
    if shape == "huge":
        closes = [close * 1e30 for close in closes]
    if shape == "holes":
        for at in rng.sample(range(count), count // 10):
            closes[at] = rng.choice([UNKNOWN, 0.0, -1.0, math.inf])
    return closes


def odd_bars(seed: int, count: int, *, ticker: str = "ODD") -> Bars:
    """A series with holes in its days, rows on closed days, opens and volumes missing."""
    rng = random.Random(seed)
    every = [FIRST + timedelta(days=n) for n in range(count * 2)]
    days = [day for day in every if (NYSE.is_session(day) or rng.random() < 0.02)]
    days = sorted(rng.sample(days, min(len(days), count)) if rng.random() < 0.3 else days[:count])
    odd = (UNKNOWN, 0.0, -5.0)
    closes = oddities(rng, len(days))
    return bars(
        closes,
        ticker=ticker,
        days=days,
        opens=[rng.choice(odd) if rng.random() < 0.1 else c * 1.01 for c in closes],
        volumes=[
            rng.choice(odd) if rng.random() < 0.01 else float(rng.randrange(1, 10**7))
            for _ in closes
        ],
    )
