"""Axes of charts: which ticks, how they are written, and how much room labels need."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOG_FROM = 10.0
"""Highest ÷ lowest from which a scale is logarithmic."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A vertical scale from ``low`` to ``high``, both above 0 where it is logarithmic."""

    low: float
    high: float
    log: bool

    @classmethod
    def of(cls, values: Floats) -> "Scale":
        """The scale of all finite values; one value alone stands in the middle."""
        finite = values[np.isfinite(values)]
        low, high = float(finite.min()), float(finite.max())
        if high <= low * (1 + 1e-9):
            low, high = low * 0.95, high * 1.05
        return cls(low, high, high / low >= LOG_FROM)

    def share(self, values: Floats) -> Floats:
        """Where values stand: 0 at ``low``, 1 at ``high``."""
        low, high = (np.log([self.low, self.high])) if self.log else (self.low, self.high)
        shares: Floats = ((np.log(values) if self.log else values) - low) / (high - low)
        return shares

    def widened(self, below: float, above: float) -> "Scale":
        """With room below and above, in shares of the present height."""
        if not self.log:
            height = self.high - self.low
            return Scale(self.low - below * height, self.high + above * height, False)
        height = math.log(self.high / self.low)
        low = self.low * math.exp(-below * height)
        return Scale(low, self.high * math.exp(above * height), True)

    def ticks(self, most: int = 5) -> list[float]:
        """Round values within the scale, at most so many, at least one where there is any."""
        steps = (self._decades(most) if self.log else None) or self._linear(most)
        return [each for each in steps if self.low <= each <= self.high]

    def _linear(self, most: int) -> list[float]:
        rough = (self.high - self.low) / most
        unit = 10.0 ** math.floor(math.log10(rough))
        step = next(s * unit for s in (1, 2, 2.5, 5, 10) if s * unit >= rough * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [float(f"{n * step:.12g}") for n in range(first, last + 1)]

    def _decades(self, most: int) -> list[float] | None:
        """The finest of a few ladders that is not too long; None where all are too short."""
        low, high = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for heads, every in (((1, 2, 5), 1), ((1, 3), 1), *(((1,), n) for n in (1, 2, 4, 10, 25))):
            powers = range(low, high + 1, every)
            found = [head * 10.0**power for power in powers for head in heads]
            inside = [each for each in found if self.low <= each <= self.high]
            if len(inside) <= most:
                return inside if len(inside) > 2 else None
        return None


_PLAIN = (1e-7, 1e9)
"""Numbers from here to there are written out, others with a power of ten: they must fit."""


def _powered(number: float) -> str:
    head, power = f"{number:.5e}".split("e")
    return f"{head.rstrip('0').rstrip('.')}e{int(power)}"


def price_text(usd: float, step: float | None = None) -> str:
    """A price: $132.76, $700,000, $0.0004, $2.2e38; with the decimals of ``step``, if given."""
    if not _PLAIN[0] <= usd < _PLAIN[1]:
        return f"${_powered(usd)}"
    if step is not None:
        places = _decimals(step)
        return f"${usd:,.{max(places, 2) if places else 0}f}"
    if usd >= 10_000:
        return f"${usd:,.0f}"
    if usd >= 1:
        return f"${usd:,.2f}"
    return f"${usd:.{max(_decimals(float(f'{usd:.4g}')), 2)}f}"


def multiple_text(pe: float, step: float | None = None) -> str:
    """A P/E: 32.3, 125, 2.2e38; with the decimals of ``step``, if given."""
    if pe >= _PLAIN[1]:
        return _powered(pe)
    places = (1 if pe < 100 else 0) if step is None else _decimals(step)
    return f"{pe:,.{places}f}"


def _decimals(size: float) -> int:
    """How many decimals a number has, of its first six digits."""
    exponent = Decimal(f"{size:.6g}").normalize().as_tuple().exponent
    return max(0, -int(exponent))


def ticks_text(ticks: Sequence[float], write: Callable[[float, float], str]) -> list[str]:
    """All ticks with the decimals that their smallest step needs."""
    steps = [b - a for a, b in pairwise(ticks)]
    ratio = max(ticks) / min(ticks) if ticks and min(ticks) > 0 else 1
    if ratio > 20:  # a logarithmic ladder: each by itself
        return [write(each, each) for each in ticks]
    step = float(f"{min(steps):.6g}") if steps else (ticks[0] if ticks else 1.0)
    return [write(each, step) for each in ticks]


# Days.

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_ticks(first: date, last: date, most: int = 6) -> list[tuple[date, str]]:
    """Round days of a span with their names: the finest that are at most ``most``."""
    ladders = ((list(days), name) for days, name in _ladders(first, last))
    found, name = next(each for each in ladders if len(each[0]) <= most)
    labels = [(day, name(day)) for day in found]
    if labels and name is _month_name and all(day.month != 1 for day, _ in labels):
        labels[0] = (labels[0][0], f"{labels[0][1]} {labels[0][0].year}")
    return labels or [(first, _day_name(first))]


def _ladders(first: date, last: date) -> Iterator[tuple[Iterator[date], Callable[[date], str]]]:
    yield _every_day(first, last, 1), _day_name
    yield _every_day(first, last, 2), _day_name
    yield _every_day(first + timedelta(-first.weekday() % 7), last, 7), _day_name
    yield _every_day(first + timedelta(-first.weekday() % 7), last, 14), _day_name
    for months in (1, 2, 3, 6):
        yield _every_month(first, last, months), _month_name
    for years in (1, 2, 5, 10, 20, 50, 100, 10_000):
        yield _every_year(first, last, years), lambda day: str(day.year)


def span_text(span: tuple[date, date]) -> str:
    first, last = span
    return f"{first} to {last}" if first != last else f"{first}"


def _every_day(first: date, last: date, step: int) -> Iterator[date]:
    return (first + timedelta(n) for n in range(0, (last - first).days + 1, step))


def _every_month(first: date, last: date, step: int) -> Iterator[date]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = (date(n // 12, n % 12 + 1, 1) for n in numbers if n % step == 0)
    return (day for day in days if first <= day <= last)


def _every_year(first: date, last: date, step: int) -> Iterator[date]:
    years = range(first.year, last.year + 1)
    days = (date(year, 1, 1) for year in years if year % step == 0)
    return (day for day in days if first <= day <= last)


def _day_name(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _month_name(day: date) -> str:
    return str(day.year) if day.month == 1 else _MONTHS[day.month - 1]


# Labels.


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Middles of labels of one height, moved apart as little as keeps their order."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    places = [0.0] * len(wanted)
    floor = low + height / 2
    for n in order:
        places[n] = max(wanted[n], floor)
        floor = places[n] + height
    ceiling = high - height / 2
    for n in reversed(order):
        places[n] = min(places[n], ceiling)
        ceiling = places[n] - height
    return places
