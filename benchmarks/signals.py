"""Signals of 8,000 tickers: whole histories against a bare NumPy loop, and the live pass.

Bars are made up, block by block, so that no more than one block is held.
"""

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import Figure, Options
from bot.prices.bars import Bars, Days, Floats
from bot.signals.block import blocks
from bot.signals.last import last_signals
from bot.signals.price import WINDOWS, Signals
from bot.signals.sessions import quarters, session_days, session_numbers

TICKERS, SESSIONS, LIVE = 8_000, 5_000, 320
_AT_ONCE = 200
_LAST = date(2025, 12, 31)


def measure(options: Options) -> Iterator[Figure]:
    del options
    yield from _history()
    yield _live()


def _history() -> Iterator[Figure]:
    """In a process of its own, for its memory; the two take turns at each block."""
    told = subprocess.check_output([sys.executable, "-c", f"import {__name__} as b; b.turns()"])
    bare, ours, apart, peak = map(float, told.split())
    rows = TICKERS * SESSIONS / 1e6
    note = f"{rows:.0f} M bars, {len(WINDOWS)} signals, {ours:.1f} s against {bare:.1f} s"
    yield Figure(name="histories, ours ÷ bare NumPy", value=ours / bare, unit="x", limit=1.5,
                 note=note)  # fmt: skip
    yield Figure(name="largest difference", value=apart, unit="", limit=1e-9)
    yield Figure(name="memory of both", value=peak, unit="MB", limit=1_000)


def turns() -> None:
    """Processor seconds of both over all blocks, how far apart their results are, memory."""
    import resource

    days = _days(SESSIONS)
    benchmark = _bars(_made(np.random.default_rng(1), 1, SESSIONS), days, ["IWM"])[0]
    spent, apart = {"bare": 0.0, "ours": 0.0}, 0.0
    for start in range(0, TICKERS, _AT_ONCE):
        made = _made(np.random.default_rng(start + 2), _AT_ONCE, SESSIONS)
        bars = _bars(made, days, [f"T{start + n}" for n in range(_AT_ONCE)])
        runs: dict[str, Callable[[], Iterator[tuple[str, Any]]]] = {
            "bare": partial(_bare, made, days, benchmark.close),
            "ours": partial(_ours, bars, benchmark),
        }
        for name in sorted(runs, reverse=bool(start // _AT_ONCE % 2)):
            gc.collect()
            began = process_time()
            for _ in runs[name]():
                pass
            spent[name] += process_time() - began
        if start == 0:
            one, other = (_sums(run()) for run in runs.values())
            apart = max(abs(one[k] - other[k]) / abs(one[k]) for k in WINDOWS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{spent['bare']} {spent['ours']} {apart} {peak}")


def _sums(found: Iterator[tuple[str, Any]]) -> dict[str, float]:
    """The sum of each signal over all bars."""
    sums = dict.fromkeys(WINDOWS, 0.0)
    for name, values in found:
        sums[name] += float(np.nansum(values))
    return sums


def _ours(bars: list[Bars], benchmark: Bars) -> Iterator[tuple[str, Floats]]:
    """All signals of all bars."""
    for block in blocks(bars):
        signals = Signals(block, benchmark)
        for name in WINDOWS:
            yield name, signals[name]


def _bare(made: Floats, days: Days, benchmark: Floats) -> Iterator[tuple[str, Floats]]:
    """The same, on aligned arrays without a hole: what NumPy costs and nothing else."""
    for start in range(0, made.shape[1], 25):
        opened, close, volume = made[:, start : start + 25]
        yield from _plain(opened, close, volume, days, benchmark)


def _plain(
    opened: Floats, close: Floats, volume: Floats, days: Days, benchmark: Floats
) -> Iterator[tuple[str, Any]]:
    for n in (1, 5, 21, 63, 126, 252):
        change = close[:, n:] / close[:, :-n] - 1
        yield f"return_{n}d", change
        yield f"excess_{n}d", change - (benchmark[n:] / benchmark[:-n] - 1)
    for span, length in (("qtd", 1), ("ytd", 4)):
        periods = quarters(days) // length
        base = np.searchsorted(periods, periods) - 1
        asked = base >= 0
        change = close[:, asked] / close[:, base[asked]] - 1
        yield f"return_{span}", change
        yield f"excess_{span}", change - (benchmark[asked] / benchmark[base[asked]] - 1)
    yield "since_listing", close[:, 1:] / close[:, :1] - 1
    yield "gap", opened[:, 1:] / close[:, :-1] - 1
    yield "volume_ratio", volume[:, 20:] / (_summed(volume, 20)[:, :-1] / 20)
    logs = np.log(close[:, 1:] / close[:, :-1])
    mean = _summed(logs, 60)[:, :-1] / 60
    spread = _summed(logs * logs, 60)[:, :-1] - 60 * mean * mean
    yield "zscore_1d", (logs[:, 60:] - mean) / np.sqrt(spread / 59)
    high, low = (_extreme(close, of)[:, :-1] for of in (np.maximum, np.minimum))
    now = close[:, 252:]
    yield "high_252d", now > high
    yield "low_252d", now < low
    yield "drawdown_252d", now / np.maximum(high, now) - 1


def _summed(x: Floats, n: int) -> Floats:
    """Sums of n by a running total: fast, and exact enough for series without a jump."""
    total = np.cumsum(x, axis=1)
    total[:, n:] -= total[:, :-n].copy()
    return total[:, n - 1 :]


def _extreme(x: Floats, of: Any) -> Floats:
    """Over 252, by doubling."""
    for length in (1, 2, 4, 8, 16, 32, 64):
        x = of(x[:, :-length], x[:, length:])
    whole: Floats = of(x[:, :-124], x[:, 124:])
    return whole


def _live() -> Figure:
    """The last bar of every ticker with all its values, as facts are made of it."""
    days = _days(LIVE)
    tickers = [f"T{n}" for n in range(TICKERS)]
    bars = _bars(_made(np.random.default_rng(0), TICKERS, LIVE), days, tickers)
    list(last_signals(bars[:10], bars[0]))
    began = perf_counter()
    made = [last.fact_values() for last in last_signals(bars, bars[0])]
    took = perf_counter() - began
    note = f"{len(made):,} tickers × {LIVE} sessions, {len(made[0])} values each"
    return Figure(name="live pass, computing", value=took, unit="s", limit=3, note=note)


def _days(count: int) -> Days:
    last = int(session_numbers(np.array([_LAST.toordinal()], np.int32))[0])
    return session_days(last - count + 1, last)


def _made(rng: np.random.Generator, tickers: int, sessions: int) -> Floats:
    """Opens, closes, volumes."""
    steps = rng.standard_normal((tickers, sessions), np.float32) * 0.02
    close = 50 * np.exp(np.cumsum(steps, axis=1, dtype=np.float64))
    opened = close * (1 + rng.standard_normal((tickers, sessions), np.float32) * 0.005)
    volume = rng.integers(10**4, 10**7, (tickers, sessions)).astype(np.float64)
    return np.stack([opened, close, volume])


def _bars(made: Floats, days: Days, tickers: list[str]) -> list[Bars]:
    return [
        Bars(ticker=t, days=days, open=o, high=c, low=c, close=c, volume=v)
        for t, o, c, v in zip(tickers, *made, strict=True)
    ]
