"""The signals of one bar in plain Python, straight from their definitions: slow, plain to see."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from bot.calendar import NYSE, quarter_start, year_start
from bot.prices.bars import Bars

Values = dict[str, float | bool | None]


@dataclass(frozen=True)
class Bar:
    day: date
    open: float
    close: float
    volume: float


def own(bars: Bars) -> list[Bar]:
    """Rows on sessions with a finite close above zero."""
    columns = zip(bars.days, bars.open, bars.close, bars.volume, strict=True)
    rows = [Bar(date.fromordinal(int(d)), float(o), float(c), float(v)) for d, o, c, v in columns]
    return [bar for bar in rows if NYSE.is_session(bar.day) and 0 < bar.close < math.inf]


def naive(bars: Sequence[Bar], i: int, benchmark: Mapping[date, float]) -> Values:
    """Every signal of bar i; None is unknown."""
    found: Values = {}
    for span, k in starts(bars, i).items():
        found[f"return_{span}"] = change = None if k is None else ratio(bars[i], bars[k])
        b, b0 = benchmark.get(bars[i].day), None if k is None else benchmark.get(bars[k].day)
        known = change is not None and b is not None and b0 is not None
        found[f"excess_{span}"] = change - (b / b0 - 1) if known else None  # type: ignore[operator]
    found["since_listing"] = ratio(bars[i], bars[0]) if i else None
    found["gap"] = bars[i].open / bars[i - 1].close - 1 if i and bars[i].open > 0 else None
    found["zscore_1d"] = zscore([bar.close for bar in bars[: i + 1]])
    found["volume_ratio"] = volume_ratio([bar.volume for bar in bars[: i + 1]])
    before = [bar.close for bar in bars[max(0, i - 252) : i]]
    year = len(before) == 252
    found["high_252d"] = bars[i].close > max(before) if year else None
    found["low_252d"] = bars[i].close < min(before) if year else None
    top = max([*before, bars[i].close])
    found["drawdown_252d"] = bars[i].close / top - 1 if year else None
    return found


def same(told: float | bool | None, right: float | bool | None) -> bool:
    """Whether a signal is the right one to 1e-9; unknown only where it is unknown."""
    if told is None or right is None or isinstance(right, bool):
        return told is right or (told == right and told is not None and right is not None)
    return math.isclose(told, right, rel_tol=1e-9, abs_tol=1e-9)


def starts(bars: Sequence[Bar], i: int) -> dict[str, int | None]:
    """Where each span of returns starts."""
    found: dict[str, int | None] = {
        f"{n}d": i - n if i >= n else None for n in (1, 5, 21, 63, 126, 252)
    }
    for span, start in (("qtd", quarter_start), ("ytd", year_start)):
        earlier = [k for k in range(i) if bars[k].day < start(bars[i].day)]
        found[span] = earlier[-1] if earlier else None
    return found


def missing(bars: Sequence[Bar], i: int, k: int) -> int:
    """Sessions between two bars on which there is none."""
    days = {bar.day for bar in bars}
    numbers = range(NYSE.session_number(bars[k].day), NYSE.session_number(bars[i].day))
    return sum(NYSE.session_day(number) not in days for number in numbers)


def ratio(now: Bar, before: Bar) -> float:
    return now.close / before.close - 1


def zscore(closes: Sequence[float]) -> float | None:
    if len(closes) < 62:
        return None
    logs = [math.log(b / a) for a, b in zip(closes[-62:-1], closes[-61:], strict=True)]
    mean = math.fsum(logs[:60]) / 60
    sd = math.sqrt(math.fsum((x - mean) ** 2 for x in logs[:60]) / 59)
    return (logs[60] - mean) / sd if sd > 1e-12 else None


def volume_ratio(volumes: Sequence[float]) -> float | None:
    before, now = volumes[-21:-1], volumes[-1]
    if len(before) < 20 or not all(v > 0 for v in before) or not now >= 0:
        return None
    return now / fmean(before)
